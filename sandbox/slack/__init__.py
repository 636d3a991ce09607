"""A Slack-compatible workspace: Web API, Socket Mode, response_url, and what people in it do."""

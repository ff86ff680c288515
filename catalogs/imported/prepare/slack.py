#!/usr/bin/env python3
"""Write corrected copies of Slack's reference: prepare.py SLACK-FOLDER OUT-FOLDER.

Every correction is a fact that another page of the provider, or another field of the same file upstream, states.
OUT-FOLDER/methods and OUT-FOLDER/events.json are what `scopes import slack` reads.
"""
import json, pathlib, sys

src, out = map(pathlib.Path, sys.argv[1:3])
(out / "methods").mkdir(parents=True, exist_ok=True)

ANY = {"bot": [], "user": []}          # a bot or user token, no scope
NO_TOKEN = "none"                      # no token among the arguments

# Without scopes in the reference, "{}" covers five different cases.
# App-level tokens: pages of the scopes connections:write and authorizations:read.
APP = {"apps.connections.open": ["connections:write"], "apps.event.authorizations.list": ["authorizations:read"]}
# No argument `token` upstream: client ID and secret, a refresh token, or nothing.
WITHOUT_TOKEN = ["api.test", "oauth.access", "oauth.v2.access", "oauth.v2.user.access", "openid.connect.token",
                 "tooling.tokens.rotate"]
# `scope: "none"`, yet `token` is a required argument upstream.
WITH_TOKEN = ["entity.acknowledgeCommentAction", "entity.presentComments", "entity.presentDetails"]
# The page of channels:write names user tokens only; seven methods list it for bots beside channels:manage.
NOT_FOR_BOTS = {"channels:write"}
# Its page asks for identity.basic, its list for identity:read.
IDENTITY = {"users.identity": ["identity.basic", "identity:read"]}

# Scopes that no method names, by token type: slack-web-api-client 1.1.14, dist/manifest/scopes.d.ts (MIT), and the
# provider's pages of identity.* and admin.chat:*. The import has no place for them, so chat.postMessage carries them:
# its requirement stands by hand, in modes, and does not come from this file.
CARRIER = "chat.postMessage"
DECLARED = {
    "bot": ["app_mentions:read", "chat:write.customize", "chat:write.public", "commands", "conversations.connect:read",
            "incoming-webhook", "links.embed:write", "links:read", "metadata.message:read", "reminders:read",
            "reminders:write", "search:read.enterprise", "search:read.im", "search:read.mpim", "search:read.private",
            "workflow.steps:execute", "workflows.templates:read", "workflows.templates:write"],
    "user": ["admin.chat:read", "admin.chat:write", "apps.requests:write", "auditlogs:read", "commands", "email",
             "hosting:write", "identity.avatar", "identity.email", "identity.team", "incoming-webhook",
             "links.embed:write", "links:read", "profile", "triggers:read", "triggers:write",
             "workflows.templates:read", "workflows.templates:write"],
}

for path in sorted((src / "methods").glob("*.json")):
    method = json.loads(path.read_text())
    if not isinstance(method, dict):
        continue
    name, scope = path.stem, method["scope"]
    if name in APP:
        scope = {"app": APP[name]}
    elif name in WITHOUT_TOKEN:
        scope = NO_TOKEN
    elif name in WITH_TOKEN or scope == {}:
        scope = ANY
    elif name in IDENTITY:
        scope = {"user": IDENTITY[name]}
    elif "bot" in scope:
        scope = {**scope, "bot": [s for s in scope["bot"] if s not in NOT_FOR_BOTS]}
    if name == CARRIER:
        scope = {kind: scope.get(kind, []) + DECLARED[kind] for kind in ("bot", "user")}
    (out / "methods" / path.name).write_text(json.dumps({**method, "scope": scope}, indent=1) + "\n")

# One name is misspelt: the scope of app_mention is app_mentions:read.
events = (src / "events.json").read_text().replace('"app_mentions.read"', '"app_mentions:read"')
(out / "events.json").write_text(events)

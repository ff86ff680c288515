#!/usr/bin/env python3
"""Write a corrected copy of Discord's OpenAPI document: prepare.py openapi.json OUT.json.

Corrections, each from the provider's own pages (discord/discord-api-docs at
c98d64bc233833839cf0d8d369e81b77f21ade60, developers/):
1. An array of every scope that the scheme declares means any OAuth2 token, as `{"OAuth2": []}` does elsewhere.
2. Lobbies: sdk.social_layer where resources/lobby.mdx asks for it; the document has no scope there.
3. Command permissions cannot be changed by a bot token (interactions/application-commands.mdx).
4. Scopes that the pages list and the document does not declare.
"""
import json, pathlib, sys

src, out = map(pathlib.Path, sys.argv[1:3])
doc = json.loads(src.read_text())
flows = doc["components"]["securitySchemes"]["OAuth2"]["flows"]
every = {s for f in flows.values() for s in f["scopes"]}
SOCIAL = [("/lobbies", "put"), ("/lobbies/{lobby_id}/messages", "get"), ("/lobbies/{lobby_id}/messages", "post"),
          ("/lobbies/{lobby_id}/members/@me/invites", "post")]
NO_BOT = [("/applications/{application_id}/guilds/{guild_id}/commands/{command_id}/permissions", "put")]
EXTRA = ["identify.premium", "sdk.social_layer", "sdk.social_layer_presence"]

for path, item in doc["paths"].items():
    for method, op in item.items():
        if not isinstance(op, dict) or "security" not in op:
            continue
        for way in op["security"]:
            if set(way.get("OAuth2", [])) == every:
                way["OAuth2"] = []
            if (path, method) in SOCIAL and "OAuth2" in way:
                way["OAuth2"] = ["sdk.social_layer"]
        if (path, method) in NO_BOT:
            op["security"] = [w for w in op["security"] if "BotToken" not in w]
for flow in flows.values():
    flow["scopes"].update({s: "" for s in EXTRA})
out.parent.mkdir(parents=True, exist_ok=True)
out.write_text(json.dumps(doc, indent=1))

#!/usr/bin/env python3
"""Joins what github/ of the documents' folder says into one OpenAPI document, on standard output.

  python3 convert.py github > github/converted.openapi.json

Read: api.github.com.slim.json (sentences about classic scopes) and fine-grained.tsv (permissions of fine-grained tokens).
Written: an operation for each, twice (#private, #public) where the two kinds of repositories differ. Every requirement is
one way in, and an array holds scopes that are all needed. CLASSIC is the list of the scopes page, in its order.
With --why, a table of what was read from where, instead of the document.
"""
import collections, json, re, sys

ROOT = sys.argv[1]
NORM = lambda path: re.sub(r'\{[^}]*\}', '{}', path)
CLASSIC = '''repo repo:status repo_deployment public_repo repo:invite security_events admin:repo_hook write:repo_hook
read:repo_hook admin:org write:org read:org admin:public_key write:public_key read:public_key admin:org_hook gist
notifications user read:user user:email user:follow project read:project delete_repo write:packages read:packages
delete:packages admin:gpg_key write:gpg_key read:gpg_key codespace workflow admin:enterprise manage_runners:enterprise
manage_billing:enterprise read:enterprise read:audit_log'''.split()
ANY = [frozenset()]                       # any token of the type, without a scope
# Reads of these are reads of public information where the repository is public.
PUBLIC_INFO = {'metadata', 'contents', 'issues', 'pull_requests', 'statuses', 'actions', 'deployments'}
REPO = '/repos/{owner}/{repo}'
# Names in the sentences that no list of scopes has.
WRONG_NAME = {'admin:organization', 'admin:repository', 'admin:read', 'write:user'}
TYPO = {'manage_runner:org': 'manage_runners:org'}

def sets(*alternatives):
    return [frozenset(a.split('+')) for a in alternatives]

def sentences(text):
    # The links to pages about packages have `scoped` in their addresses.
    text = re.sub(r'\(https?://[^)]*\)', '', text)
    text = text.replace('(classic)', '').replace('`repo`s cope', '`repo` scope').replace('the read:org scope', 'the `read:org` scope')
    text = text.replace('the`', 'the `')
    text = re.sub(r'\s*\n\s*(?=this endpoint)', ' ', text)
    for sentence in re.split(r'\n+|(?<=\.)\s+(?=[A-Z])', text):
        if re.search(r'\bscopes?\b', sentence):
            yield re.sub(r'\s+', ' ', sentence).strip()

NAME = r'`([a-z_]+(?::[a-z_]+)?)`'
LIST = NAME + r'(?:,? (?:or |and )?' + NAME + r')*'

def names_of(text):
    return [TYPO.get(n, n) for n in re.findall(NAME, text)]

def read_list(text):
    """`a`, `b` or `c` → alternatives; `a` and `b` → one set."""
    found = [n for n in names_of(text) if not n.startswith('repository_advisories:')]
    if re.search(r'` and `', text):
        return [frozenset(found)]
    return [frozenset([n]) for n in found]

def from_text(method, path, text):
    """What sentences say of classic scopes: (private, public), with None where they say nothing, and the unread ones."""
    base = private = public = None
    adds_private = public_instead = None
    unread = []
    for s in sentences(text):
        if re.search(r'form the request|token scopes for labels|Use a non-scoped|scoped to an owner|need the `workflow` scope when|`workflow` scope is also required|insufficient scope|only lists organizations|in order for the response|to see the full details|code scanning default', s):
            continue
        m = re.search(r'to create a public repository, and `repo` scope to create a private', s) or re.search(r'with a public repository, and `repo` scope to use this endpoint with a private', s)
        if m:
            private, public = sets('repo'), sets('public_repo')
            continue
        m = re.search(r'need the (' + LIST + r') scope to use this endpoint with private or public repositories, or the `public_repo` scope', s)
        if m:
            private = read_list(m.group(1)); public = private + sets('public_repo')
            continue
        m = re.search(r'`security_events` scope to use this endpoint with private repos, the `public_repo` scope', s)
        if m:
            private, public = sets('security_events'), sets('security_events', 'public_repo')
            continue
        if re.search(r'only used with public repositories, the token can use the `public_repo` scope instead', s):
            public_instead = sets('public_repo')
            continue
        if re.search(r'If the repository is private, (?:you must have .*your token must have the `repo` or `admin:org`)', s):
            adds_private = sets('repo', 'admin:org')
            continue
        if re.search(r'If the repository is private, (?:OAuth (?:app )?tokens and personal access tokens need )?the `repo` scope', s):
            adds_private = sets('repo')
            continue
        m = re.search(r'need the (' + LIST + r') scope to use this endpoint (?:with|on|if) (?:a|the) (?:private repository|repository is private)', s)
        if m:
            private = read_list(m.group(1)); public = ANY
            continue
        m = re.search(r'need the (' + LIST + r') scope to to get a published security advisory', s)
        if m:
            # What is published about a public repository needs no scope; what is not published needs the same.
            private = read_list(m.group(1)); public = ANY
            continue
        m = re.search(r'(?:need|works for PATs with|requires at least|token with) ?(?:the |either the |both the |both )?(' + LIST + r') ?scopes?\b', s)
        if m:
            got = read_list(m.group(1))
            base = got
            continue
        unread.append(s)
    if base is not None and private is None:
        private = public = base
    if adds_private is not None:
        if private is None:
            # Who has which team is no public information.
            private, public = adds_private, (sets('read:org') if '/teams/' in path else ANY)
        else:
            public = private
            private = [a | b for a in private for b in adds_private]
    if public_instead is not None:
        public = public_instead + private
    return private, public, unread

def fine_grained():
    """By operation, the sets of permissions, and how they were read."""
    rows = collections.defaultdict(list)
    for line in open(f'{ROOT}/fine-grained.tsv'):
        permission, access, method, path, *more = line.rstrip('\n').split('\t')
        rows[(method, NORM(path))].append(f'{permission}:{access}')
    for key, found in rows.items():
        distinct = sorted(set(found)); method, path = key
        if found == ['contents:write'] and method == 'GET':
            yield key, sets('metadata:read'), 'watchers'
        elif len(distinct) == 1:
            yield key, sets(distinct[0]), 'stated'
        elif 'workflows:write' in distinct:
            yield key, sets('contents:write'), 'workflow files'
        elif {p.split(':')[0] for p in distinct} in (
                {'issues', 'pull_requests'}, {'contents', 'pull_requests'},
                {'organization_administration', 'organization_copilot_seat_management'},
                {'administration', 'private_repository_invitations'}):
            yield key, sets(*distinct), 'any'
        else:
            yield key, [frozenset(distinct)], 'all'

def from_page(method, path, permissions):
    """What the scopes page says in general, where no sentence of the operation does: (private, public, rule)."""
    read = method == 'GET'
    public_info = read and permissions and all(p.split(':')[0] in PUBLIC_INFO and p.endswith(':read') for s in permissions for p in s)
    if path.startswith('/notifications') or re.fullmatch(re.escape(REPO) + '/(notifications|subscription)', path):
        return sets('notifications'), sets('notifications'), 'notifications'
    if not permissions:
        if path in PUBLIC_READS:
            return ANY, ANY, 'public'
        return None, None, None
    if path.startswith(REPO + '/hooks'):
        name = 'read:repo_hook' if read or path.endswith(('/pings',)) else 'admin:repo_hook' if method == 'DELETE' else 'write:repo_hook'
        return sets(name), sets(name), 'hooks'
    if re.search(r'/repos/\{owner\}/\{repo\}/(statuses/|commits/\{ref\}/status)', path):
        return sets('repo:status'), (ANY if read else sets('repo:status', 'public_repo')), 'statuses'
    if path.startswith(REPO):
        return sets('repo'), (ANY if public_info else sets('public_repo')), 'repo'
    if path.startswith('/gists'):
        return sets('gist'), sets('gist'), 'gist'
    if '/projectsV2' in path:
        name = 'read:project' if read else 'project'
        return sets(name), sets(name), 'project'
    if path.startswith('/user/repository_invitations'):
        return sets('repo:invite'), sets('repo:invite'), 'invite'
    if path in ('/user/repos', '/orgs/{org}/repos', '/users/{username}/repos'):
        return sets('repo'), ANY, 'repos'
    if path.startswith('/user/starred/') and not read:
        return sets('repo'), sets('public_repo'), 'star'
    if path in ('/repositories', '/search/labels', '/users/{username}/keys') or path.startswith('/orgs/{org}/public_members') and read:
        return ANY, ANY, 'public'
    if path.startswith('/user/memberships/orgs') or re.match(r'/orgs/\{org\}/(members|memberships|public_members)\b', path):
        name = 'read:org' if read else 'write:org'
        return sets(name), sets(name), 'membership'
    if re.match(r'/(orgs/\{org\}/teams|teams)\b', path):
        name = 'read:org' if read else 'admin:org'
        return sets(name), sets(name), 'team'
    if path == '/user' and method == 'PATCH':
        return sets('user'), sets('user'), 'profile'
    permission = next(iter(next(iter(permissions))))
    if re.match(r'/(orgs|organizations)/\{org\}', path) and re.match(r'(organization_(administration|user_blocking|custom_properties)|members):', permission):
        return sets('admin:org'), sets('admin:org'), 'organization'
    return None, None, None

PUBLIC_READS = set('''/users /users/{username} /user/{account_id} /users/{username}/followers /users/{username}/following
/users/{username}/following/{target_user} /users/{username}/gists /users/{username}/gpg_keys /users/{username}/orgs
/users/{username}/social_accounts /users/{username}/ssh_signing_keys /users/{username}/events/public
/users/{username}/received_events/public /gists/public /gists/{gist_id} /gists/{gist_id}/comments
/gists/{gist_id}/comments/{comment_id} /gists/{gist_id}/commits /gists/{gist_id}/forks /gists/{gist_id}/{sha} /events
/organizations /orgs/{org} /emojis /meta /zen /octocat /rate_limit /search/repositories /search/users /search/topics
/search/issues /search/commits /search/code'''.split())

# Reads of checks: the provider's own page opens them to a key without permissions where the repository is public; the
# permission for private ones, checks:read, is one that a fine-grained token cannot have.
CHECKS = re.compile(re.escape(REPO) + r'/(check-(runs|suites)/|commits/\{ref\}/check-)')

# Last parameters that take several segments: a path in a repository, the name of a branch or of a tag.
MANY_SEGMENTS = re.compile(re.escape(REPO) + r'/(contents/\{path\}|git/(ref|refs|matching-refs)/\{ref\}|(zipball|tarball)/\{ref\})$')

def main():
    document = json.load(open(f'{ROOT}/api.github.com.slim.json'))
    fine = {key: (s, how) for key, s, how in fine_grained()}
    for (method, path), value in list(fine.items()):          # one call, two spellings
        if path == '/repos/{}/{}/compare/{}':
            fine[(method, '/repos/{}/{}/compare/{}...{}')] = value
    permissions = sorted({p for s, _ in fine.values() for one in s for p in one} |
                         {f"{l.split(chr(9))[0]}:{l.split(chr(9))[1]}" for l in open(f'{ROOT}/fine-grained.tsv')})
    paths, why, unread_any = {}, [], False
    for path, item in document['paths'].items():
        for verb, operation in item.items():
            if verb not in ('get', 'post', 'put', 'patch', 'delete'):
                continue
            method = verb.upper()
            text = operation.get('description') or ''
            permission_sets, how = fine.get((method, NORM(path)), (None, None))
            private, public, unread = from_text(method, path, text)
            unread_any |= bool(unread)
            wrong = {n for s in (private or []) for n in s} & WRONG_NAME
            if wrong:
                private = public = None
            rule = 'text' if private is not None else None
            half = private is not None and public is None
            if private is None or half:
                a, b, page = from_page(method, path, permission_sets)
                if half:
                    public, rule = b, 'text, page for public'
                else:
                    private, public, rule = a, b, page
            if method != 'GET' and public == ANY and private != ANY:
                public = sets('public_repo')              # without a scope, a token only reads
            if path == '/user' and method == 'GET':
                private = public = ANY; rule = 'text'
            fine_private = permission_sets
            fine_public = permission_sets
            if path.startswith(REPO) and method == 'GET' and public == ANY and permission_sets and all(p.split(':')[0] in PUBLIC_INFO for s in permission_sets for p in s):
                fine_public = ANY
            if rule == 'repos':
                fine_public = ANY                         # every token reads all public repositories
            if not permission_sets and method == 'GET' and CHECKS.match(path):
                fine_public = ANY
            if not permission_sets and (path in PUBLIC_READS and method == 'GET' or path == '/user' and method == 'GET'):
                fine_private = fine_public = ANY
            def security(classic, fine_sets):
                ways = []
                for kind, alternatives in (('classic', classic), ('fine-grained', fine_sets)):
                    for one in sorted(alternatives or [], key=sorted):
                        ways.append({kind: sorted(one)})
                return ways
            ways = {'private': security(private, fine_private), 'public': security(public, fine_public)}
            entry = {k: operation[k] for k in ('summary', 'tags', 'operationId', 'deprecated') if k in operation}
            if (method, path) == ('POST', '/credentials/revoke'):
                ways = {'private': [], 'public': []}; rule = 'text'
                kinds = {'': []}
            elif not ways['private'] and not ways['public']:
                kinds = {'': None}
            elif ways['private'] == ways['public']:
                kinds = {'': ways['private']}
            else:
                kinds = {'#private': ways['private'], '#public': ways['public']}
            for suffix, required in kinds.items():
                one = dict(entry)
                if required is not None:
                    one['security'] = required
                written = re.sub(r'\{(path|ref)\}$', r'{\1+}', path) if MANY_SEGMENTS.match(path) else path
                paths.setdefault(written + suffix, {})[verb] = one
            if (method, path) == ('PUT', REPO + '/contents/{path}'):
                # What the text and the list of permissions say of files below .github/workflows.
                one = dict(entry, security=[{'classic': ['repo', 'workflow']}, {'fine-grained': ['contents:write', 'workflows:write']}])
                one.pop('operationId', None)
                paths.setdefault(REPO + '/contents/.github/workflows/{file}', {})[verb] = one
            why.append((method, path, rule or '-', how or '-', ' '.join(sorted(wrong)), json.dumps(ways), ' || '.join(unread)))
    if '--why' in sys.argv:
        for row in why:
            print('\t'.join(row))
        return
    if unread_any:
        sys.exit('sentences that speak of scopes were not understood: see --why, last field')
    flow = lambda names: {'type': 'oauth2', 'flows': {'authorizationCode': {'authorizationUrl': 'https://github.com/login/oauth/authorize', 'tokenUrl': 'https://github.com/login/oauth/access_token', 'scopes': {n: '' for n in names}}}}
    json.dump({'openapi': '3.0.3', 'info': {'title': 'GitHub', 'version': document['info']['version']},
               'servers': document['servers'],
               'components': {'securitySchemes': {'classic': flow(CLASSIC), 'fine-grained': flow(permissions)}},
               'paths': paths}, sys.stdout, indent=1)

main()

"""Writes requests and what botocore signs them as: N random ones (a seed makes them the same again), as JSON."""
import datetime, hashlib, json, random, sys, urllib.parse
import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

count, seed = int(sys.argv[1]), int(sys.argv[2])
chance = random.Random(seed)
PLAIN = "abcXYZ019-_.~"
ODD = " +%&=/?#@:;,$!*'()[]{}<>|\\^`\"\té漢😀"


def text(longest, odd=ODD):
    return "".join(chance.choice(PLAIN if chance.random() < 0.7 else odd) for _ in range(chance.randrange(1, longest)))


def header(longest):
    return "".join(chance.choice(PLAIN + "  ,;=\"/") for _ in range(chance.randrange(1, longest))).strip() or "v"


vectors = []
for number in range(count):
    time = datetime.datetime.fromtimestamp(chance.randrange(0, 4102444800), datetime.timezone.utc)
    host = chance.choice(["s3.eu-west-1.amazonaws.com", "127.0.0.1:9000", "bucket.s3.example.com", "[::1]:81"])
    path = "/" + text(40)
    query = [[text(10), text(20) if chance.random() < 0.8 else ""] for _ in range(chance.randrange(0, 6))]
    if chance.random() < 0.3 and query:
        query.append([query[0][0], text(5)])
    headers = {f"x-amz-meta-{i}": header(30) for i in range(chance.randrange(0, 4))}
    if chance.random() < 0.4:
        headers["Content-Type"] = "application/octet-stream"
    if chance.random() < 0.3:
        headers["Content-MD5"] = "1B2M2Y8AsgTpgAmY7PhCfg=="
    if chance.random() < 0.3:
        headers["If-None-Match"] = "*"
    payload = chance.choice([hashlib.sha256(text(50).encode()).hexdigest(), hashlib.sha256(b"").hexdigest(), "UNSIGNED-PAYLOAD"])
    token = text(60, "+/=") if chance.random() < 0.4 else None
    access, secret = "AKIA" + text(16, "Q"), text(40, "+/")
    region = chance.choice(["us-east-1", "eu-west-1", "other", "ap-southeast-2"])
    method = chance.choice(["GET", "PUT", "POST", "HEAD", "DELETE"])

    # botocore keeps these apart for testing too: the path goes in encoded, the time is read from one function.
    quoted = "&".join(f"{urllib.parse.quote(n, safe='-_.~')}={urllib.parse.quote(v, safe='-_.~')}" for n, v in query)
    url = f"https://{host}{urllib.parse.quote(path, safe='/-_.~')}" + (f"?{quoted}" if quoted else "")
    request = AWSRequest(method=method, url=url, headers=dict(headers))
    request.headers["host"] = host
    request.context["timestamp"] = time.strftime("%Y%m%dT%H%M%SZ")
    signer = botocore.auth.S3SigV4Auth(Credentials(access, secret, token), "s3", region)
    if hasattr(botocore.auth, "get_current_datetime"):
        botocore.auth.get_current_datetime = lambda remove_tzinfo=True, time=time: time.replace(tzinfo=None)
    else:
        class Frozen(datetime.datetime):
            @classmethod
            def utcnow(cls, time=time):
                return time.replace(tzinfo=None)
        botocore.auth.datetime.datetime = Frozen
    seen = {}
    signer.payload = lambda request, payload=payload: payload
    whole, string = signer.canonical_request, signer.string_to_sign
    signer.canonical_request = lambda request: seen.setdefault("canonical", whole(request))
    signer.string_to_sign = lambda request, canonical: seen.setdefault("string", string(request, canonical))
    signer.add_auth(request)
    vectors.append(dict(
        method=method, path=path, query=[list(q) for q in query], host=host, region=region, access=access, secret=secret,
        token=token, time=int(time.timestamp()), payload=payload, headers=[list(h) for h in headers.items()],
        canonical=seen["canonical"], stringToSign=seen["string"], authorization=request.headers["Authorization"]))
json.dump(vectors, sys.stdout, ensure_ascii=True, indent=0)

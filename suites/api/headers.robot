*** Settings ***
Documentation     Hostile headers, paths and texts: nothing of them works, nothing comes back, nothing internal shows.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    security


*** Test Cases ***
Scripts In Headers Neither Work Nor Come Back
    [Tags]    PZ-14775
    [Template]    Header Should Change Nothing
    /channels    X-Probe    <script>alert(document.cookie)</script>
    /channels    User-Agent    "><img src=x onerror=alert(1)>
    /channels    Referer    javascript:alert(1)
    /sensors    Accept-Language    <svg/onload=alert(1)>

Headers That Claim To Be Someone Or Something Else Change Nothing
    [Tags]    PZ-14788
    [Template]    Header Should Change Nothing
    /channels    X-HTTP-Method-Override    DELETE
    /channels    X-Forwarded-For    198.51.100.7
    /channels    X-Original-URL    /focus-server/health
    /channels    X-Forwarded-Prefix    /elsewhere
    /channels    Range    bytes=0-5
    /channels    If-None-Match    *
    /channels    X-Probe    שלום עולם
    /channels    X-Probe    1'; DROP TABLE recordings; --
    /channels    X-Probe    \${jndi:ldap://127.0.0.1/x}

Paths That Lead Elsewhere Lead Nowhere
    [Tags]    PZ-N366
    [Template]    Raw Path Should Be Refused
    /../../../../etc/passwd
    /metadata/../../../etc/passwd
    /metadata/..%2f..%2f..%2fetc%2fpasswd
    /metadata/%2e%2e/%2e%2e/etc/passwd
    /metadata/..%252f..%252fetc%252fpasswd
    /metadata/..\\..\\windows\\win.ini
    /ack/%00
    /waterfall/%0d%0aX-Injected:%20yes/1
    //etc/passwd
    /.git/config

Paths Of Any Length And Alphabet Are Refused Cleanly
    [Tags]    PZ-N367
    [Template]    Raw Path Should Be Refused
    /metadata/${PART OF 300}
    /metadata/${PART OF 7000}
    /metadata/${PART OF 60000}
    /job/${NUMBER OF 5000 DIGITS}    DELETE
    /waterfall/1-1/${NUMBER OF 5000 DIGITS}
    /metadata/%D7%A9%D7%9C%D7%95%D7%9D
    /metadata/%F0%9F%92%A5
    /metadata/%FF%FE%FD
    /metadata/${MANY ZERO BYTES}
    /metadata/${MANY FOLDERS}

Scripts And Queries In An Id Do Not Come Back
    [Tags]    PZ-14774
    [Template]    Raw Path Should Be Refused
    /metadata/1'%20OR%20'1'='1
    /metadata/{"$ne":null}
    /metadata/<script>alert(1)<script>
    /ack/1;DROP%20TABLE%20recordings
    /job/1'%20OR%20'1'='1    DELETE

Refusals Show Nothing Of The Server
    [Tags]    PZ-14779
    [Template]    Error Should Be Uniform
    404    GET    /metadata/..%2f..%2fetc%2fpasswd
    404    GET    /.env
    404    GET    /docs/config.yaml
    400    POST    /recordings_in_time_range    {"start_time": 1, "end_time": 1}
    422    POST    /recordings_in_time_range    {"start_time": "mongodb://127.0.0.1/", "end_time": 1}
    422    POST    /configure    {"channels": "/etc/passwd"}

Answers Show Nothing Of The Server Either
    [Tags]    PZ-14779
    [Template]    Reading Should Show Nothing Internal
    /ack
    /health
    /channels
    /live_metadata
    /openapi.json
    /get_recordings_timeline

Answers Carry The Headers That Protect A Browser
    [Tags]    PZ-14778
    [Template]    Header Should Be Sent
    Strict-Transport-Security    ^=    max-age=
    X-Content-Type-Options    ==    nosniff
    X-Frame-Options    ==    DENY
    Content-Security-Policy    contains    frame-ancestors 'none'
    Referrer-Policy    ==    no-referrer
    Cache-Control    ==    no-store

*** Settings ***
Documentation     Liveness and health of the Focus Server.

Resource          focus.resource

Suite Setup       Open Site    rest    mongodb    rabbitmq    kubernetes
Suite Teardown    Close Site

Test Tags         regression    nightly    health


*** Test Cases ***
The Liveness Request Is Answered
    [Tags]    PZ-14026    smoke    critical
    ${answer} =    Ask Focus Server    GET    /ack
    Answer Should Be    ${answer}    200
    Answer Should Show Nothing Internal    ${answer}

Health Is Good And Names Every Dependency
    [Tags]    PZ-14031    smoke
    Health Should Be Good

Health Agrees With The Dependencies Themselves
    [Tags]    PZ-N350
    Health Should Agree With The Dependencies

Uptime Grows With Time
    [Tags]    PZ-N351
    Uptime Should Grow With Time

Health And Description Name One Version
    [Tags]    PZ-N352
    ${description} =    Ask Focus Server    GET    /openapi.json
    ${health} =    Ask Focus Server    GET    /health
    ${version} =    Get Answer Field    ${description}    info.version
    Get Answer Field    ${health}    version    ==    ${version}

Concurrent Liveness Requests Are Answered Alike
    [Tags]    PZ-14028
    [Template]    Concurrent Requests Should Be Answered Alike
    /ack    10
    /ack    50
    /ack    100

Only Reading Is Allowed At The Liveness Address
    [Tags]    PZ-14027
    [Template]    Other Methods Should Not Be Allowed
    /ack    GET
    /health    GET

Headers Of Any Kind Leave The Liveness Answer As It Is
    [Tags]    PZ-14029
    [Template]    Header Should Change Nothing
    /ack    Accept    text/html
    /ack    Accept-Language    he-IL
    /ack    User-Agent    Mozilla/5.0 (X11)
    /ack    X-Probe    שלום עולם
    /ack    Content-Type    text/plain

Hostile Headers Leave The Liveness Answer As It Is
    [Tags]    PZ-14030
    [Template]    Header Should Change Nothing
    /ack    X-Probe    <script>alert(1)</script>
    /ack    X-Probe    ../../../../etc/passwd
    /ack    X-Probe    1' OR '1'='1

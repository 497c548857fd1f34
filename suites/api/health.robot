*** Settings ***
Documentation     The Focus Server says that it lives, and how it feels.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    health


*** Test Cases ***
Focus Server Answers That It Lives
    [Tags]    PZ-14026    smoke    critical
    ${answer} =    Ask Focus Server    GET    /ack
    Answer Should Be    ${answer}    200

Health Names Version, Uptime And Every Dependency
    [Tags]    PZ-14031    smoke
    Health Should Be Good

Only Reading Is Allowed At The Liveness Address
    [Tags]    PZ-14027
    [Template]    Method Should Not Be Allowed
    POST    /ack
    PUT    /ack
    PATCH    /ack
    DELETE    /ack

Hostile Headers Neither Break The Liveness Address Nor Come Back
    [Tags]    PZ-14029
    [Template]    Header Should Be Harmless
    X-Probe    <script>alert(1)</script>
    X-Probe    ../../../../etc/passwd
    X-Probe    1' OR '1'='1

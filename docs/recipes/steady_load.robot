*** Settings ***
Documentation     Requests begin at their time, however late the answers before them are: a slow server is not
...               spared. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         load    recipe    exclusive

Name              A steady load and its answer times


*** Test Cases ***
Liveness Keeps Its Limits At Ten A Second
    ${load} =    Apply Load    GET /ack    rate=10    duration=5 s
    Load Should Be Valid    ${load}
    Get Load Figure    ${load}    errors    ==    0

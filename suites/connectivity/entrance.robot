*** Settings ***
Documentation     The HTTPS entrance of the site: its certificate, and who may log in there. No interface is asked for
...               in the setup: a certificate that is not good has to be told by the test about it.

Resource          access.resource

Suite Setup       Open Site
Suite Teardown    Close Site

Test Tags         connectivity    regression    nightly


*** Test Cases ***
The Certificate Of The Focus Server Is Good For Two More Weeks
    [Tags]    PZ-14032    requires:rest
    Certificate Should Be Good    rest    days=14

The Certificate Of The Web App Is Good For Two More Weeks
    [Tags]    PZ-14032    requires:webapp
    Certificate Should Be Good    webapp    days=14

The Web App Lets In The Site's User And No Stranger
    [Tags]    PZ-N598    requires:webapp
    Web App Should Let In Nobody But Its Users

Who Logs In Too Often Is Told How Long To Wait
    [Tags]    PZ-N764    requires:webapp
    Who Logs In Too Often Should Be Told How Long To Wait

The Login Page Can Be Reached Without A Login
    [Tags]    PZ-N599    requires:webapp
    Login Page Should Be Reachable

*** Settings ***
Documentation     The ingress of the site over HTTPS: its certificate, and who may log in there. No interface is asked
...               for in the setup: a certificate that is not good has to be reported by the test about it.

Resource          focus.resource

Suite Setup       Open Site
Suite Teardown    Close Site

Test Tags         connectivity    regression    nightly


*** Test Cases ***
The Certificate Of The Focus Server Is Valid For Two More Weeks
    [Tags]    PZ-14032    requires:rest
    Certificate Should Be Valid    rest    days=14

The Certificate Of The Web App Is Valid For Two More Weeks
    [Tags]    PZ-14032    requires:webapp
    Certificate Should Be Valid    webapp    days=14

The Web App Accepts The Login Of The Site's User And Rejects Others
    [Tags]    PZ-N598    requires:webapp
    Web App Should Accept Only Its Users

Who Logs In Too Often Is Told How Long To Wait
    [Tags]    PZ-N764    requires:webapp
    Who Logs In Too Often Should Be Told How Long To Wait

The Login Page Can Be Reached Without A Login
    [Tags]    PZ-N599    requires:webapp
    Login Page Should Be Reachable

*** Settings ***
Documentation     MongoDB lets in whom it must, and nobody else.

Resource          focus.resource

Suite Setup       Open Site    mongodb
Suite Teardown    Close Site

Test Tags         connectivity    regression    nightly


*** Test Cases ***
MongoDB Accepts The Login Of The Site's User And Rejects Others
    [Tags]    PZ-13898    smoke
    MongoDB Should Accept Only Its Users

MongoDB Accepts The Login Of The Focus Server's Configuration
    [Tags]    PZ-13807    requires:kubernetes
    MongoDB Should Accept Login Of The Focus Server

MongoDB Rejects Default Logins
    [Tags]    PZ-N594
    [Template]    MongoDB Should Reject Login
    guest
    admin
    root
    unknown user

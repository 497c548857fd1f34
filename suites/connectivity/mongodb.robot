*** Settings ***
Documentation     MongoDB lets in whom it must, and nobody else.

Resource          focus.resource

Suite Setup       Open Site    mongodb
Suite Teardown    Close Site

Test Tags         connectivity    regression    nightly


*** Test Cases ***
MongoDB Lets In The Site's User And No Stranger
    [Tags]    PZ-13898    smoke
    MongoDB Should Let In Nobody But Its Users

MongoDB Lets In The Focus Server With Its Own Configuration
    [Tags]    PZ-13807    requires:kubernetes
    MongoDB Should Let In The Focus Server's Login

MongoDB Has None Of The Logins That Everybody Knows
    [Tags]    PZ-N594
    [Template]    MongoDB Should Refuse
    guest
    admin
    root
    unknown user

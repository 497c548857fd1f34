*** Settings ***
Documentation     Each path has its methods; every other one is refused, naming those that there are.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    api


*** Test Cases ***
A Path That Is Read Is Only Read
    [Tags]    PZ-N362
    [Template]    Other Methods Should Not Be Allowed
    /channels    GET
    /sensors    GET
    /live_metadata    GET
    /get_recordings_timeline    GET
    /metadata/999-999999    GET
    /ack/999-999999    GET
    /waterfall/999-999999    GET
    /waterfall/999-999999/10    GET

A Path That Takes A Body Takes It Only By POST
    [Tags]    PZ-N363
    [Template]    Other Methods Should Not Be Allowed
    /configure    POST
    /config_task    POST
    /config/999-999999    POST
    /recordings_in_time_range    POST

A Job Can Only Be Removed At Its Address
    [Tags]    PZ-N364
    [Template]    Other Methods Should Not Be Allowed
    /job/999-999999    DELETE

*** Settings ***
Documentation     One row an operation, one column a role: the statuses that each gets.

Resource          focus.resource

Suite Setup       Open Site    rest    webapp
Suite Teardown    Close Site

Test Tags         security    recipe

Name              What each role may do


*** Test Cases ***
Only Those Who May Send Alerts Can
    [Template]    Operation Should Be Answered By Role
    # operation    super admin    admin    viewer    nobody
    list alerts    200    200    200    401
    send an alert    201    201    403    401

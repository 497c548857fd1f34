*** Settings ***
Documentation     Exercise 2: what a site does not have is refused; one row for each case.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         sandbox


*** Test Cases ***
A View That The Site Cannot Show Is Refused
    [Template]    View Should Be Refused
    channels=50-1    field=channels

*** Settings ***
Documentation     A waterfall view has neither frequencies nor a display time; its words do not ask for them.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         views    recipe

Name              Open a waterfall view


*** Test Cases ***
A Waterfall View Is Answered As Asked
    ${view} =    Open Waterfall View    channels=1-50    height=200
    View Should Answer What Was Asked    ${view}
    Metadata Should Match The View    ${view}

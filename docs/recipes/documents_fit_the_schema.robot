*** Settings ***
Documentation     The contract of record says what documents look like; a failure names the documents that do not.

Resource          focus.resource

Suite Setup       Open Site    mongodb
Suite Teardown    Close Site

Test Tags         data    recipe

Name              Compare a collection with its schema


*** Test Cases ***
Recordings Fit The Contract
    Documents Should Fit Their Schema    recordings
    Get Collection Field    indexed_by    contains    start_time    content=recordings

*** Settings ***
Documentation     Recordings are asked for by what they are: state, length, time.

Resource          focus.resource

Suite Setup       Open Site    mongodb
Suite Teardown    Close Site

Test Tags         data    recipe

Name              Ask the database for recordings


*** Test Cases ***
There Are Recordings To Play
    Get Recording Count    >    0    state=historic    at_least=10 s
    Recordings Should Be Only    historic    live    deleted

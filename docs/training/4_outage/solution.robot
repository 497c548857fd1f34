*** Settings ***
Documentation     Exercise 4: what an operator can still do while the database is away.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    mongodb    grpc
Suite Teardown    Close Site

Test Tags         sandbox    exclusive    disruptive


*** Test Cases ***
Without MongoDB Live Views Go On And Historic Ones Are Refused
    Take Down    mongodb
    Live View Should Be Served
    Historic View Should Be Unavailable    MongoDB
    Bring Back    mongodb
    Views Should Open And Play

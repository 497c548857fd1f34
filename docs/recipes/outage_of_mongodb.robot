*** Settings ***
Documentation     Words that disturb a site undo themselves when the test ends, also when it is killed. The file
...               says that it needs the site for itself.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    mongodb    grpc
Suite Teardown    Close Site

Test Tags         disruption    recipe    exclusive    disruptive

Name              Take a service down and bring it back


*** Test Cases ***
Without MongoDB Historic Views Are Refused
    Take Down    mongodb
    Historic View Should Be Unavailable    MongoDB
    Live View Should Be Served
    Bring Back    mongodb
    Views Should Open And Play

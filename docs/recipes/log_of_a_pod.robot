*** Settings ***
Documentation     What a request does has to be logged. A number of a job is not found in a longer one.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes
Suite Teardown    Close Site

Test Tags         cluster    recipe

Name              Look for a line in the log of a pod


*** Test Cases ***
A Request Is Logged
    Ask Focus Server    GET    /channels
    Log Should Say    GET /focus-server/channels    workload=focus_server

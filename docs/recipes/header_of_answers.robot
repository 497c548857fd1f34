*** Settings ***
Documentation     Answers of both services are looked at, and refusals too.

Resource          focus.resource

Suite Setup       Open Site    rest    webapp
Suite Teardown    Close Site

Test Tags         requests    recipe

Name              Check a header of every kind of answer


*** Test Cases ***
No Browser Guesses The Type Of An Answer
    Every Answer Should Have The Header    X-Content-Type-Options    ==    nosniff

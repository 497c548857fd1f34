*** Settings ***
Documentation     robotframework-mongodb-library's keywords against the site's MongoDB, as a stranger's suite would use them.

Library           MongoDBLibrary

Suite Setup       Connect To Mongodb    ${MONGODB_URI}
Suite Teardown    Leave Nothing Behind

Test Tags         mongodb


*** Variables ***
${DATABASE}      strangers
${COLLECTION}    things


*** Test Cases ***
Databases And Collections Are Listed
    ${databases} =    Get Mongodb Databases
    Should Contain    ${databases}    ${SITE_DATABASE}
    ${collections} =    Get Mongodb Collections    ${SITE_DATABASE}
    Should Contain    ${collections}    base_paths

Documents Are Saved, Found, Changed And Removed
    Save Mongodb Records    ${DATABASE}    ${COLLECTION}    {"name": "one", "value": 1}
    Save Mongodb Records    ${DATABASE}    ${COLLECTION}    {"name": "שתיים", "value": 2}
    ${count} =    Get Mongodb Collection Count    ${DATABASE}    ${COLLECTION}
    Should Be Equal As Integers    ${count}    2
    ${found} =    Retrieve Some Mongodb Records    ${DATABASE}    ${COLLECTION}    {"value": 2}
    Should Contain    ${found}    שתיים
    Retrieve And Update One Mongodb Record
    ...    ${DATABASE}
    ...    ${COLLECTION}
    ...    {"name": "one"}
    ...    {"$set": {"value": 7}}
    ${found} =    Retrieve Some Mongodb Records    ${DATABASE}    ${COLLECTION}    {"value": 7}
    Should Contain    ${found}    one
    Remove Mongodb Records    ${DATABASE}    ${COLLECTION}    {"name": "one"}
    ${count} =    Get Mongodb Collection Count    ${DATABASE}    ${COLLECTION}
    Should Be Equal As Integers    ${count}    1

A Collection Is Validated
    ${valid} =    Validate Mongodb Collection    ${SITE_DATABASE}    base_paths
    Should Be True    ${valid}


*** Keywords ***
Leave Nothing Behind
    Drop Mongodb Database    ${DATABASE}
    Disconnect From Mongodb

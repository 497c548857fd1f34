*** Settings ***
Documentation    Keywords for recordings: a mistake of a table is distinguished from one of the product.

Resource         focus.resource


*** Test Cases ***
A Window That Does Not Exist Is Refused With Those That Do
    [Documentation]    FAIL GLOB: ValueError: Argument 'window' got value 'the last week' *'everything'*'the last day'*
    Recordings Should Be Listed As MongoDB Holds Them    the last week

*** Settings ***
Documentation     What is reported when a service does not take the login of the site file.

Library           ../DeadServices.py
Library           own_site.py

Suite Setup       Ask Services    ${STATES}
Suite Teardown    Stop Asking
Test Template     Trouble Should Be Reported


*** Variables ***
@{STATES}    wrong password


*** Test Cases ***
A Wrong Password Is Reported
    webapp    wrong password    The web app at https://* refused the login of user '*' (401); correct the user's*
    mongodb    wrong password    MongoDB at * refused the question (code 18); check mongodb.username, password*
    rabbitmq    wrong password    RabbitMQ at * does not let 'prisma' in (wrong name or password); correct*
    management    wrong password    RabbitMQ's management API at http://* does not let 'prisma' in (401); correct*

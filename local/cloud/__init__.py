"""The local cloud: the one CloudFormation template, running on this machine.

MiniStack plays AWS, the local Xero plays Xero, and a front door plays the custom
domain in front of API Gateway.
"""

"""The site of the documentation: the pages of docs/, those made of data, and a page of each library and resource."""

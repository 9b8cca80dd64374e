DROP TABLE webhook_samples, webhook_inbox, merchant_accounts, refunds, payments;

DROP TABLE device_refusal;
DROP TABLE device_claim;
DROP TABLE device_queue;
DROP TABLE queue_key;

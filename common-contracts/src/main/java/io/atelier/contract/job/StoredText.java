package io.atelier.contract.job;

/**
 * A text in the object store, in UTF-8. Records refer to personal texts in this way, because an erasure cannot remove them from a topic.
 *
 * @param key key of the object in the bucket
 * @param sha256 SHA-256 of the bytes in lower-case hex
 * @param bytes length of the object
 */
public record StoredText(String key, String sha256, long bytes) {}

package io.atelier.contract.image;

/**
 * Where a copy of an image was published.
 *
 * @param bucket bucket of published images
 * @param key key in that bucket, such as {@code avatars/42/img_0.png}. A later job of the same persona may overwrite the object
 */
public record Publication(String bucket, String key) {}

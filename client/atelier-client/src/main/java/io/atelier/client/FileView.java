package io.atelier.client;

/**
 * An uploaded file.
 *
 * @param id for {@link ImageRequest.Builder#file}
 * @param bytes length of what is kept
 */
public record FileView(String id, String mediaType, int width, int height, long bytes) {}

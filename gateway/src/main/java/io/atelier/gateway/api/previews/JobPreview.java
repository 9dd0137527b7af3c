package io.atelier.gateway.api.previews;

import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.TaskProgress.Preview;

/**
 * A preview of an unfinished image with its file.
 *
 * @param progress the progress that named it
 * @param data the file in Base64
 */
public record JobPreview(TaskProgress progress, Preview preview, String data) {}

package io.atelier.generator.engine.comfyui;

import io.atelier.contract.digest.Sha256;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.provider.ProviderClient;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files that a workflow loads, by the names of their placeholders: {@code image}, {@code image_2} and so on, and {@code mask}. Uploaded files are
 * named by their content, so that a run that is delivered again has the same graph.
 */
final class WorkflowFiles {

    static final String IMAGE = "image";
    static final String MASK = "mask";

    private static final String PNG = "image/png";
    private static final int NAME_LENGTH = 32;

    private WorkflowFiles() {}

    /** The placeholder of a source image, by its number from 0. */
    static String placeholder(int index) {
        return index == 0 ? IMAGE : IMAGE + "_" + (index + 1);
    }

    /** Uploads the images, and the mask as a PNG that is transparent where the image changes. Returns the server's names. */
    static Map<String, String> upload(ProviderClient client, ComfyUiApi api, SourceImages sources, GenerationRun run) {
        var names = new TreeMap<String, String>();
        for (int i = 0; i < sources.size(); i++) {
            var image = sources.images().get(i);
            names.put(placeholder(i), upload(client, api, image.bytes(), image.mediaType(), run));
        }
        var mask = sources.mask();
        if (mask != null) {
            names.put(MASK, upload(client, api, mask.transparentPng(), PNG, run));
        }
        return names;
    }

    private static String upload(
            ProviderClient client, ComfyUiApi api, byte[] file, String mediaType, GenerationRun run) {
        var extension = mediaType.substring(mediaType.indexOf('/') + 1);
        var name = "atelier-%s.%s".formatted(Sha256.of(file).hex().substring(0, NAME_LENGTH), extension);
        return client.query(api.upload(name, file, mediaType), run, ComfyUiResponseReader::uploadedFile);
    }
}

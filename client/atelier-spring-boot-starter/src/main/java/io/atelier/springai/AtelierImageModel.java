package io.atelier.springai;

import io.atelier.client.AtelierClient;
import io.atelier.client.GenerationEvents;
import io.atelier.client.GenerationView;
import io.atelier.client.ImageRequest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.image.Image;
import org.springframework.ai.image.ImageGeneration;
import org.springframework.ai.image.ImageMessage;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.image.ImageResponse;
import org.springframework.ai.image.ImageResponseMetadata;

/**
 * Generates and changes images with Atelier. Failures are {@link io.atelier.client.AtelierException}s. A generation goes on if the wait for it ends; {@link
 * AtelierImageOptions#key} finds it again. Thread-safe.
 */
public final class AtelierImageModel implements ImageModel {

    /** The key of the generation's id in the metadata of a response. */
    public static final String GENERATION = "atelier.generation";

    private final AtelierClient client;
    private final AtelierImageOptions standard;
    private final Duration timeout;

    /**
     * @param standard the options for what a prompt leaves open
     * @param timeout how long to wait for the images of a prompt
     */
    public AtelierImageModel(AtelierClient client, AtelierImageOptions standard, Duration timeout) {
        this.client = client;
        this.standard = standard;
        this.timeout = timeout;
    }

    @Override
    public ImageResponse call(ImagePrompt prompt) {
        return response(client.await(create(prompt).id(), timeout));
    }

    /**
     * Like {@link #call(ImagePrompt)}, and reports how far the task is.
     *
     * @param progress is called with values from 0 to 1, by the calling thread
     */
    public ImageResponse call(ImagePrompt prompt, Consumer<Double> progress) {
        var created = create(prompt);
        try (var events = client.events(created.id())) {
            for (GenerationEvents.Event event : events) {
                if (event.type().equals("generation.progress")) {
                    progress.accept(event.fraction());
                }
            }
        }
        return response(client.await(created.id(), timeout));
    }

    /** Creates the generation of a prompt without waiting for its images. Its id cancels it: {@link AtelierClient#cancel}. */
    public GenerationView create(ImagePrompt prompt) {
        var options = standard.under(prompt.getOptions());
        var key = options.key();
        return client.create(
                request(text(prompt), options), key == null ? UUID.randomUUID().toString() : key);
    }

    /** The images of a generation that has ended. */
    public ImageResponse response(GenerationView ended) {
        var metadata = new ImageResponseMetadata(ended.createdAt().toEpochMilli());
        metadata.put(GENERATION, ended.id());
        return new ImageResponse(
                ended.images().stream()
                        .map(image -> Base64.getEncoder().encodeToString(client.image(ended.id(), image.index())))
                        .map(base64 -> new ImageGeneration(new Image(null, base64)))
                        .toList(),
                metadata);
    }

    private static String text(ImagePrompt prompt) {
        List<ImageMessage> messages = prompt.getInstructions();
        return messages.stream().map(ImageMessage::getText).collect(Collectors.joining("\n"));
    }

    private static ImageRequest request(String text, AtelierImageOptions options) {
        var request = ImageRequest.builder(text);
        set(options.model(), request::model);
        set(options.n(), request::n);
        set(options.seed(), request::seed);
        set(options.quality(), request::quality);
        set(options.mask(), request::mask);
        Integer width = options.width();
        Integer height = options.height();
        if (width != null && height != null) {
            request.size(width, height);
        }
        options.files().forEach(request::file);
        return request.build();
    }

    private static <T> void set(@Nullable T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }
}

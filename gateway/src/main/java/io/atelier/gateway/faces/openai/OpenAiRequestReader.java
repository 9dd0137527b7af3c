package io.atelier.gateway.faces.openai;

import io.atelier.gateway.api.files.UploadReader;
import io.atelier.gateway.api.operations.DiskSpace;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.GenerationRequestReader;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.api.request.StrictJson;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads requests of OpenAI's images API: JSON, and for edits multipart forms too. Thread-safe. */
final class OpenAiRequestReader {

    private final BoundedBodyReader bodies;
    private final UploadReader uploads;
    private final OpenAiEditBody forms;
    private final OpenAiRequestTranslator translator;
    private final GenerationRequestReader reader;
    private final DiskSpace disk;
    private final JsonMapper json;
    private final Clock clock;

    OpenAiRequestReader(
            BoundedBodyReader bodies,
            UploadReader uploads,
            OpenAiEditBody forms,
            OpenAiRequestTranslator translator,
            GenerationRequestReader reader,
            DiskSpace disk,
            JsonMapper json,
            Clock clock) {
        this.bodies = bodies;
        this.uploads = uploads;
        this.forms = forms;
        this.translator = translator;
        this.reader = reader;
        this.disk = disk;
        this.json = json;
        this.clock = clock;
    }

    /**
     * A valid request.
     *
     * @param request what the client wants to receive
     * @param parsed the request in this gateway's own form
     */
    record Reading(OpenAiRequest request, ParsedRequest parsed) {}

    /** The request of a body in JSON. Fails with a {@link Problem} that names parameters as the client wrote them. */
    Mono<Reading> read(ServerHttpRequest request, boolean isEdit) {
        return bodies.read(request).map(bytes -> parse(StrictJson.parse(bytes), isEdit, Map.of()));
    }

    /** The request of a body in JSON or of a form, which must have images to change. Fails like {@link #read}; then no image is stored. */
    Mono<Reading> readEdit(ServerHttpRequest request) {
        if (!isForm(request.getHeaders().getContentType())) {
            return read(request, true);
        }
        return Mono.defer(() -> {
            disk.requireSpace();
            return uploads.readForm(
                            request,
                            OpenAiEditBody.PARTS,
                            form -> forms.read(form, (body, places) -> parse(body, true, places)))
                    .onErrorMap(Problem.class, problem -> OpenAiRequest.translated(problem, Map.of()));
        });
    }

    private static boolean isForm(@Nullable MediaType type) {
        return type != null && MediaType.MULTIPART_FORM_DATA.equalsTypeAndSubtype(type);
    }

    private Reading parse(JsonNode body, boolean isEdit, Map<String, String> places) {
        var translated = translator.translate(body, isEdit);
        var all = new HashMap<>(translated.places());
        all.putAll(places);
        var request = translated.withPlaces(all);
        try {
            var bytes = json.writeValueAsBytes(request.body());
            return new Reading(request, reader.read(bytes, null, clock.instant(), request.ownLabels()));
        } catch (Problem problem) {
            throw request.translated(problem);
        }
    }
}

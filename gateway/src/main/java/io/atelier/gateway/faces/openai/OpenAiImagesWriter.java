package io.atelier.gateway.faces.openai;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.gateway.api.events.SseJson;
import io.atelier.gateway.api.generations.ApiPaths;
import io.atelier.gateway.api.images.ObjectDownloads;
import io.atelier.gateway.faces.submission.FaceSubmissions;
import io.atelier.storage.ObjectKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes images as OpenAI's API sends them: in base64 within JSON, or as URLs. The bytes go from the store to the client piece by piece, so that
 * no response takes the memory of its images. Thread-safe.
 */
final class OpenAiImagesWriter {

    private static final String BYTES = "b64_json";

    private final ObjectDownloads downloads;
    private final JsonMapper json;

    OpenAiImagesWriter(ObjectDownloads downloads, JsonMapper json) {
        this.downloads = downloads;
        this.json = json;
    }

    /** Responds with the images of a job, of which there is at least one. Fails before the response is started if the first image cannot be read. */
    Mono<Void> write(ServerWebExchange exchange, Job job, OpenAiRequest request) {
        var response = exchange.getResponse();
        response.setStatusCode(HttpStatus.OK);
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        addHeaders(response, job);
        var document = new Document(response.bufferFactory());
        document.text("{\"data\":[");
        var images = job.images();
        for (int i = 0; i < images.size(); i++) {
            document.text(i == 0 ? "{" : ",{");
            var prompt = revisedPrompt(job);
            if (prompt != null) {
                document.text("\"revised_prompt\":" + json.writeValueAsString(prompt) + ",");
            }
            if (request.isUrl()) {
                document.text("\"url\":" + json.writeValueAsString(url(exchange.getRequest(), job, images.get(i))));
            } else {
                document.base64(images.get(i));
            }
            document.text("}");
        }
        var info = json.writeValueAsString(OpenAiResponse.of(job, request, ApiPaths.of(exchange.getRequest())));
        document.text("]," + info.substring(1));
        response.getHeaders().setContentLength(document.length());
        return downloads.write(document.body(), document.length(), response);
    }

    /** The events of a stream with the images of a job, each as one piece of text. */
    List<Flux<DataBuffer>> events(ServerWebExchange exchange, Job job, OpenAiRequest request, String type) {
        var events = new ArrayList<Flux<DataBuffer>>();
        for (var image : job.images()) {
            var info =
                    (ObjectNode) json.valueToTree(OpenAiResponse.of(job, request, ApiPaths.of(exchange.getRequest())));
            completeForStream(info, job, request, image);
            var document = new Document(exchange.getResponse().bufferFactory());
            document.text("event: %s\ndata: {\"type\":\"%s\",".formatted(type, type));
            document.base64(image);
            // JSON escapes what ends a line of an event stream, except for what only Unicode calls a line.
            document.text("," + SseJson.oneLine(json.writeValueAsString(info)).substring(1) + "\n\n");
            events.add(document.body());
        }
        return events;
    }

    /** Adds what the type of the event requires. */
    private static void completeForStream(ObjectNode info, Job job, OpenAiRequest request, StoredImage image) {
        info.put("created_at", info.remove("created").longValue());
        info.put("size", OpenAiResponse.size(image));
        info.put("output_format", OpenAiResponse.format(image));
        putIfAbsent(info, "quality", Objects.requireNonNullElse(request.quality(), "auto"));
        putIfAbsent(info, "background", "auto");
        if (!info.has("usage")) {
            var none = info.putObject("usage");
            none.put("total_tokens", 0).put("input_tokens", 0).put("output_tokens", 0);
            none.putObject("input_tokens_details").put("text_tokens", 0).put("image_tokens", 0);
        }
        var prompt = revisedPrompt(job);
        if (prompt != null) {
            info.put("revised_prompt", prompt);
        }
    }

    private static void putIfAbsent(ObjectNode object, String name, String value) {
        if (!object.has(name)) {
            object.put(name, value);
        }
    }

    /** The headers of a response that has, or will have, the images of a job. */
    static void addHeaders(ServerHttpResponse response, Job job) {
        response.getHeaders().set(FaceSubmissions.GENERATION_ID, job.id().value());
        response.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-store");
        response.getHeaders().set("X-Content-Type-Options", "nosniff");
    }

    private static @Nullable String revisedPrompt(Job job) {
        var enhancement = job.enhancement();
        return enhancement == null ? null : enhancement.prompt();
    }

    private static String url(ServerHttpRequest request, Job job, StoredImage image) {
        URI uri = request.getURI();
        return uri.getScheme() + "://" + uri.getRawAuthority()
                + ApiPaths.of(request).image(job.id(), image.index());
    }

    /** A body of texts and images. */
    private final class Document {

        private final DataBufferFactory buffers;
        private final List<Flux<DataBuffer>> pieces = new ArrayList<>();
        private StringBuilder open = new StringBuilder();
        private long length;

        Document(DataBufferFactory buffers) {
            this.buffers = buffers;
        }

        void text(String text) {
            open.append(text);
        }

        /** Adds the member with the bytes of the image. */
        void base64(StoredImage image) {
            open.append('"').append(BYTES).append("\":\"");
            var before = end();
            long bytes = image.bytes();
            length += Base64Stream.length(bytes);
            var text = Base64Stream.encode(downloads.read(new ObjectKey(image.key()), bytes, buffers), buffers);
            // What stands before the first image is not sent until its first bytes are there, so that a failure can
            // still be a problem.
            pieces.add(text.switchOnFirst((first, all) ->
                    first.hasValue() ? Flux.just(buffers.wrap(before)).concatWith(all) : all));
            open.append('"');
        }

        private byte[] end() {
            var bytes = open.toString().getBytes(StandardCharsets.UTF_8);
            open = new StringBuilder();
            length += bytes.length;
            return bytes;
        }

        long length() {
            return length + open.toString().getBytes(StandardCharsets.UTF_8).length;
        }

        Flux<DataBuffer> body() {
            var last = open.toString().getBytes(StandardCharsets.UTF_8);
            return Flux.concat(pieces).concatWith(Flux.defer(() -> Flux.just(buffers.wrap(last))));
        }
    }
}

package io.atelier.gateway.api.request;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Terms;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.Source;
import io.atelier.contract.job.Webhook;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.request.GridFields.Layout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and validates requests that only split images, and fills in defaults. Thread-safe. */
public final class SplitRequestReader {

    private static final ImageSize UNKNOWN = new ImageSize(1, 1);

    private final @Nullable Duration defaultRetain;
    private final WebhookPolicy webhooks;

    /**
     * @param defaultRetain how long a job is kept whose request does not say; null for ever
     * @param webhooks which webhooks are accepted
     */
    public SplitRequestReader(@Nullable Duration defaultRetain, WebhookPolicy webhooks) {
        this.defaultRetain = defaultRetain;
        this.webhooks = webhooks;
    }

    /** What the fields of a request fall back to. */
    private record Defaults(
            Layout layout,
            OutputFields output,
            Map<String, String> labels,
            @Nullable String clientRef,
            @Nullable Webhook webhook,
            @Nullable Duration retain,
            @Nullable JobId parent) {}

    /**
     * The request to split the grids of a job again. What the body does not say is as it was in the job.
     *
     * @param parent a job with at least one grid
     * @param now the moment from which durations in the request count
     * @throws io.atelier.gateway.api.problem.Problem with all validation errors
     */
    public GenerationRequest splitAgain(SplitBody body, Job parent, Instant now) {
        var spec = parent.request().grid();
        var defaults = new Defaults(
                spec == null ? Layout.STANDARD : new Layout(spec.rows(), spec.cols()),
                new OutputFields(parent.request().metadata(), parent.request().jpeg()),
                parent.request().labels(),
                parent.request().clientRef(),
                parent.request().webhook(),
                parent.request().terms().retain(),
                parent.id());
        var sources = new ArrayList<Source>();
        for (var grid : parent.grids()) {
            sources.add(Source.of(parent.id(), sources.size()).storedAs(grid));
        }
        var errors = new ValidationErrors();
        return request(body.fields(errors), errors, body, sources, defaults, now);
    }

    /**
     * The request to split an image, without the stored image and its size, see {@link #withSize}.
     *
     * @param now the moment from which durations in the request count
     * @throws io.atelier.gateway.api.problem.Problem with all validation errors
     */
    public GenerationRequest splitImage(SplitBody body, Instant now) {
        var defaults = new Defaults(Layout.STANDARD, OutputFields.STANDARD, Map.of(), null, null, defaultRetain, null);
        var errors = new ValidationErrors();
        var fields = body.fields(errors);
        return request(fields, errors, body, source(fields), defaults, now);
    }

    /**
     * The same request with the size of its image, unless that is at an address.
     *
     * @param request a request whose image is resolved
     * @throws io.atelier.gateway.api.problem.Problem if all tiles would be too small to keep
     */
    public GenerationRequest withSize(SplitBody body, GenerationRequest request) {
        var size = size(request.images());
        if (size.equals(UNKNOWN)) {
            return request.toBuilder().sizeLeftOpen(true).build();
        }
        var errors = new ValidationErrors();
        checkTiles(body.fields(errors), errors, body.query(), request.grid(), size);
        errors.throwIfAny();
        return request.toBuilder().size(size).build();
    }

    private GenerationRequest request(
            JsonFields fields,
            ValidationErrors errors,
            SplitBody body,
            List<Source> sources,
            Defaults defaults,
            Instant now) {
        var spec = spec(fields, errors, body.query(), defaults.layout());
        var size = size(sources);
        if (!size.equals(UNKNOWN)) {
            checkTiles(fields, errors, body.query(), spec.orElse(null), size);
        }
        var terms = new LifetimeFields(fields, now).read(body.cancelAfter(), defaults.retain());
        var labels = fields.has("labels") ? LabelFields.read(fields, Set.of()) : defaults.labels();
        var clientRef = fields.text("client_ref", 0, RequestLimits.MAX_CLIENT_REF_LENGTH);
        var output = OutputFields.readSplit(fields, defaults.output());
        var webhook = WebhookFields.read(fields, webhooks);
        errors.throwIfAny();
        return GenerationRequest.builder()
                .prompt("")
                .model("")
                .requestedModel("")
                .engine(GenerationRequest.SPLITTER)
                .pool(GenerationRequest.SPLITTER_POOL)
                .n(sources.size())
                .size(size)
                .grid(spec.orElseThrow())
                .metadata(output.metadata())
                .labels(labels)
                .clientRef(clientRef.orElse(defaults.clientRef()))
                .terms(new Terms(terms.startBy(), terms.completeBy(), terms.retain(), defaults.parent(), null))
                .images(sources)
                .jpeg(output.jpeg())
                .webhook(webhook.orElse(defaults.webhook()))
                .build();
    }

    private static Optional<GridSpec> spec(
            JsonFields fields, ValidationErrors errors, SplitQuery query, Layout standard) {
        if (query.hasLayout() && fields.has("layout")) {
            fields.error("layout", "The query sets the same. Send one of the two.");
        }
        if (query.trim() != null && fields.has("trim")) {
            fields.error("trim", "The query sets the same. Send one of the two.");
        }
        var minTile = query.minTile(errors);
        if (minTile.isPresent() && fields.has("min_tile_px")) {
            fields.error("min_tile_px", "The query sets the same. Send one of the two.");
        }
        var layout = query.hasLayout() ? query.layout(errors) : standard;
        return new GridFields(fields).readSplit(layout, query.mode(errors), minTile);
    }

    private static void checkTiles(
            JsonFields fields, ValidationErrors errors, SplitQuery query, @Nullable GridSpec spec, ImageSize size) {
        if (spec == null) {
            return;
        }
        var parameter = query.decisiveForTiles().filter(name -> !fields.has("layout"));
        if (parameter.isPresent()) {
            GridFields.tooSmall(spec, size)
                    .ifPresent(detail -> errors.add(FieldError.inParameter(parameter.get(), detail)));
        } else {
            new GridFields(fields).checkTiles(spec, size);
        }
    }

    /** The smallest width and height of the images; 1 x 1 while they are unknown. */
    private static ImageSize size(List<Source> sources) {
        var stored = sources.stream()
                .flatMap(source -> Optional.ofNullable(source.stored()).stream())
                .toList();
        return stored.isEmpty()
                ? UNKNOWN
                : new ImageSize(
                        stored.stream().mapToInt(StoredImage::width).min().orElseThrow(),
                        stored.stream().mapToInt(StoredImage::height).min().orElseThrow());
    }

    private static List<Source> source(JsonFields fields) {
        var image = fields.object("image");
        if (!fields.has("image")) {
            fields.error(
                    "image",
                    "Is missing: name the image to split, such as {\"generation\": {\"id\": \"gen_...\"}}, {\"image_url\": \"https://...\"} or {\"file_id\": \"file_...\"}.");
        }
        return image.flatMap(SourceFields::toSplit).stream().toList();
    }
}

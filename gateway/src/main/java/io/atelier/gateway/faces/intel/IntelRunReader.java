package io.atelier.gateway.faces.intel;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.GenerationRequestReader;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Translates the bodies of runs into requests of this gateway's own API, whose reader checks them. Thread-safe. */
final class IntelRunReader {

    private static final String STEPS = "num_inference_steps";
    private static final String GUIDANCE = "guidance";

    /** The seed that stands for a random one. */
    private static final long RANDOM_SEED = -1;

    /** The names of the fields here, by those in the own API where they differ. */
    private static final Map<String, String> NAMES = Map.of("steps", STEPS, "guidance_scale", GUIDANCE);

    private final Catalogue catalogue;
    private final String standardName;
    private final GenerationRequestReader reader;
    private final JsonMapper json;
    private final Clock clock;

    /** @param standardName the name of the model of runs that name none; a model of a worker may come and go under it */
    IntelRunReader(
            Catalogue catalogue, String standardName, GenerationRequestReader reader, JsonMapper json, Clock clock) {
        this.catalogue = catalogue;
        this.standardName = standardName;
        this.reader = reader;
        this.json = json;
        this.clock = clock;
    }

    /**
     * A valid run.
     *
     * @param request without the labels of its session
     */
    record Run(Model model, ParsedRequest request) {}

    /** The model of runs that name none. */
    Model standard() {
        return standardModel().model();
    }

    private IntelModel standardModel() {
        return IntelModel.find(catalogue, standardName)
                .or(() -> IntelModel.find(catalogue, Catalogue.AUTO))
                .orElseThrow();
    }

    /**
     * The run in a body.
     *
     * @throws Problem with everything that is wrong, in the form of FastAPI
     */
    Run read(byte[] bytes) {
        var body = IntelBody.parse(bytes);
        var own = json.createObjectNode();
        own.put("prompt", body.requiredText("prompt"));
        var model = model(body);
        own.put("model", model.model().id());
        putSize(body, model, own);
        putSteps(body, model, own);
        putGuidance(body, model, own);
        body.integer("seed").filter(seed -> seed != RANDOM_SEED).ifPresent(seed -> own.put("seed", seed));
        body.throwIfInvalid();
        try {
            return new Run(model.model(), reader.read(json.writeValueAsBytes(own), null, clock.instant()));
        } catch (Problem problem) {
            throw translated(problem, body);
        }
    }

    private IntelModel model(IntelBody body) {
        var name = body.text("model").orElse(null);
        if (name == null) {
            return standardModel();
        }
        return IntelModel.find(catalogue, name).orElseGet(() -> {
            body.add("model", "value_error", "Value error, " + catalogue.unknownMessage(name));
            return standardModel();
        });
    }

    private static void putSize(IntelBody body, IntelModel model, ObjectNode own) {
        var width = body.integer("width");
        var height = body.integer("height");
        var size =
                Objects.requireNonNullElse(model.size(), model.model().sizes().standard());
        if (model.size() != null || width.isPresent() || height.isPresent()) {
            own.put("width", width.orElse((long) size.width()));
            own.put("height", height.orElse((long) size.height()));
        }
    }

    private static void putSteps(IntelBody body, IntelModel model, ObjectNode own) {
        var steps = body.integer(STEPS);
        boolean hasDefault = model.steps() != null && model.model().steps() != null;
        if (steps.isPresent()) {
            own.put("steps", steps.get());
        } else if (hasDefault) {
            own.put("steps", model.steps());
        }
    }

    private static void putGuidance(IntelBody body, IntelModel model, ObjectNode own) {
        var guidance = body.number(GUIDANCE);
        boolean hasDefault = model.guidance() != null && model.model().guidance() != null;
        if (guidance.isPresent()) {
            own.put("guidance_scale", guidance.get());
        } else if (hasDefault) {
            own.put("guidance_scale", model.guidance());
        }
    }

    private static Problem translated(Problem problem, IntelBody body) {
        boolean isInvalid =
                problem.kind() == ProblemKind.VALIDATION_FAILED || problem.kind() == ProblemKind.SIZE_UNSUPPORTED;
        if (!isInvalid) {
            return problem;
        }
        if (problem.errors().isEmpty()) {
            body.add("", "value_error", "Value error, " + problem.detail());
        }
        for (var error : problem.errors()) {
            body.add(name(error.pointer()), "value_error", "Value error, " + error.detail());
        }
        return body.problem();
    }

    private static String name(@Nullable String pointer) {
        var own = pointer == null || pointer.isEmpty() ? "" : pointer.substring(1);
        return NAMES.getOrDefault(own, own);
    }
}

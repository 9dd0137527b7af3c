package io.atelier.gateway.api.submission;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.PreferHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;

/**
 * How a client that asks for a job wants to be answered.
 *
 * @param preferences whether it waits, and how long
 * @param form what it wants to get
 */
public record ResponsePreference(PreferHeader preferences, Form form) {

    /** The wish in the headers of a request. Whoever accepts everything gets JSON. */
    public static ResponsePreference of(HttpHeaders headers) {
        var accepted = new ArrayList<>(headers.getAccept());
        MimeTypeUtils.sortBySpecificity(accepted);
        var form = accepted.stream()
                .filter(type -> type.getQualityValue() > 0)
                .sorted((one, other) -> Double.compare(other.getQualityValue(), one.getQualityValue()))
                .flatMap(type -> Form.of(type).stream())
                .findFirst();
        return new ResponsePreference(PreferHeader.of(headers), form.orElse(Form.JSON));
    }

    /** Whether the connection is held until something happens to the job. */
    boolean holds() {
        return form == Form.EVENTS || preferences.patience().isPresent();
    }

    /**
     * Looks whether the wish can be fulfilled, before anything is done.
     *
     * @throws Problem if a picture is wanted at once that there is not, or not one of
     */
    void check(GenerationRequest request) {
        boolean one = request.n() == 1 && request.grid() == null;
        if (form == Form.IMAGE && (!one || preferences.patience().isEmpty())) {
            throw new Problem(
                    ProblemKind.NOT_ACCEPTABLE,
                    "A picture can be the answer if the request waits for it, with the header 'Prefer: wait=30' or so, and asks for one: "
                            + "n is 1 and there is no grid. Else accept application/json.");
        }
    }

    /** What a client can get. */
    enum Form {
        JSON(MediaType.APPLICATION_JSON_VALUE),
        IMAGE(MediaType.IMAGE_PNG_VALUE),
        EVENTS(MediaType.TEXT_EVENT_STREAM_VALUE);

        private final String type;

        Form(String type) {
            this.type = type;
        }

        private static Optional<Form> of(MediaType accepted) {
            return Arrays.stream(values())
                    .filter(form -> accepted.includes(MediaType.valueOf(form.type)))
                    .findFirst();
        }
    }
}

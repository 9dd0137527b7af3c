package io.atelier.gateway.api.request;

/** Checks the body of a retry, which has no fields. */
public final class RetryBody {

    private RetryBody() {}

    /**
     * Accepts no body and an object without fields.
     *
     * @throws io.atelier.gateway.api.problem.Problem if the body is something else: what it asks for would not be done
     */
    public static void requireEmpty(byte[] body) {
        if (body.length == 0) {
            return;
        }
        var errors = new ValidationErrors();
        var fields = JsonFields.parse(body, errors);
        for (var name : fields.names()) {
            fields.error(
                    name,
                    "A retry has no fields: it repeats the request as it was. To change it, POST a new one to /v1/generations.");
        }
        errors.throwIfAny();
    }
}

package io.atelier.gateway.api.request;

/** Checks the bodies of operations that have no fields. */
public final class EmptyBody {

    private EmptyBody() {}

    /**
     * Accepts no body and an object without fields.
     *
     * @param reason why the operation has no fields, and what to do instead; the detail of the error of each field
     * @throws io.atelier.gateway.api.problem.Problem if the body is something else: what it asks for would not be done
     */
    public static void require(byte[] body, String reason) {
        if (body.length == 0) {
            return;
        }
        var errors = new ValidationErrors();
        var fields = JsonFields.parse(body, errors);
        for (var name : fields.names()) {
            fields.error(name, reason);
        }
        errors.throwIfAny();
    }
}

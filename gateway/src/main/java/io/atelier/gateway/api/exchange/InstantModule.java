package io.atelier.gateway.api.exchange;

import io.atelier.contract.encoding.Rfc3339;
import java.time.Instant;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Writes all times in JSON responses in RFC 3339 with exactly three digits of a second, so that they have one length and sort as texts. */
public final class InstantModule extends SimpleModule {

    private static final long serialVersionUID = 1L;

    public InstantModule() {
        super("instants");
        addSerializer(new Milliseconds());
    }

    private static final class Milliseconds extends StdSerializer<Instant> {

        Milliseconds() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator generator, SerializationContext context) {
            generator.writeString(Rfc3339.milliseconds(value));
        }
    }
}

package io.atelier.messaging;

import io.atelier.contract.encoding.Rfc3339;
import java.time.Instant;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.ext.javatime.deser.InstantDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/** Writes and reads the times of records as Jackson does, without its formatter for those that Atelier writes itself. */
final class RecordInstantModule extends SimpleModule {

    private static final long serialVersionUID = 1L;

    RecordInstantModule() {
        super("record-instants");
        addSerializer(new Writer());
        addDeserializer(Instant.class, new Reader());
    }

    private static final class Writer extends StdScalarSerializer<Instant> {

        Writer() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator generator, SerializationContext context) {
            generator.writeString(Rfc3339.exact(value));
        }
    }

    private static final class Reader extends StdScalarDeserializer<Instant> {

        Reader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) {
            var time = parser.hasToken(JsonToken.VALUE_STRING)
                    ? Rfc3339.parse(parser.getString()).orElse(null)
                    : null;
            return time == null ? InstantDeserializer.INSTANT.deserialize(parser, context) : time;
        }
    }
}

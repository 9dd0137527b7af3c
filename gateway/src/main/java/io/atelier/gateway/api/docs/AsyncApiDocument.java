package io.atelier.gateway.api.docs;

import io.atelier.contract.schema.Schema;
import io.atelier.contract.schema.Schemas;
import io.atelier.messaging.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Builds the AsyncAPI 3 document. Its texts and channels are in {@code gateway-asyncapi.json}; the messages come from the newest schemas and
 * the settings of the topics from {@link Topic}, so that none of them is written twice.
 */
final class AsyncApiDocument {

    private static final String OUTLINE = "/gateway-asyncapi.json";
    private static final String COMPONENT = "#/components/schemas/";
    private static final String BINDING_VERSION = "0.5.0";
    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode root = publicMessage();

    private AsyncApiDocument() {
        describeTopics();
        addDefinitions();
        Schemas.newest().stream()
                .filter(schema -> !schema.name().equals(Schemas.DEFINITIONS))
                .forEach(this::addMessage);
    }

    /** The document as JSON in UTF-8. */
    static byte[] create() {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(new AsyncApiDocument().root);
    }

    private static ObjectNode publicMessage() {
        try (var file = Objects.requireNonNull(AsyncApiDocument.class.getResourceAsStream(OUTLINE), OUTLINE)) {
            return (ObjectNode) JSON.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(OUTLINE + " cannot be read", e);
        }
    }

    private void addDefinitions() {
        var definitions = JSON.readTree(new Schema(Schemas.DEFINITIONS, Schemas.NEWEST).text())
                .get("$defs");
        definitions
                .properties()
                .forEach(definition -> schemas().set(definition.getKey(), embedded(definition.getValue())));
    }

    private void addMessage(Schema schema) {
        var copied = (ObjectNode) embedded(JSON.readTree(schema.text()));
        copied.remove("$schema");
        var component = pascal(schema.name());
        schemas().set(component, copied);

        var message = root.withObject("/components").withObject("messages").putObject(schema.name());
        message.put("name", schema.type());
        message.set("title", copied.get("title"));
        message.set("summary", copied.get("description"));
        message.put("contentType", "application/json");
        var headers = message.putObject("headers").putArray("allOf");
        headers.addObject().put("$ref", COMPONENT + "CloudEventHeaders");
        var own = headers.addObject().put("type", "object").putObject("properties");
        own.putObject("ce_type").put("const", schema.type());
        own.putObject("ce_dataschema").put("const", schema.uri().toString());
        message.putObject("payload").put("$ref", COMPONENT + component);
        message.putObject("bindings")
                .putObject("kafka")
                .put("bindingVersion", BINDING_VERSION)
                .set("key", key(copied, schema));
        // The schema of the data alone, relative to this document. Not externalDocs: they need a whole URL, which is
        // not known here.
        message.put("x-schema-url", "schemas/" + schema.path());
    }

    /** The key of a record is the id of the job or worker. It is copied, because the AsyncAPI schema allows no reference here. */
    private JsonNode key(ObjectNode copied, Schema schema) {
        var key = schema.name().equals("worker-announced")
                ? copied.at("/properties/id")
                : schemas().get("JobId");
        return key.deepCopy();
    }

    private void describeTopics() {
        var topics = Topic.all(List.of(), 1).stream().collect(Collectors.toMap(NewTopic::name, topic -> topic));
        for (var channel : root.get("channels")) {
            var address = channel.get("address").asString();
            var topic = Objects.requireNonNull(topics.get(address), () -> "There is no topic " + address);
            var kafka = ((ObjectNode) channel).putObject("bindings").putObject("kafka");
            kafka.put("topic", address);
            kafka.put("partitions", topic.numPartitions());
            var settings = kafka.putObject("topicConfiguration");
            var policies = settings.putArray("cleanup.policy");
            var policy = Objects.requireNonNull(topic.configs().get(TopicConfig.CLEANUP_POLICY_CONFIG), address);
            Stream.of(policy.split(",")).forEach(policies::add);
            var retention = topic.configs().get(TopicConfig.RETENTION_MS_CONFIG);
            if (retention != null) {
                settings.put(TopicConfig.RETENTION_MS_CONFIG, Long.parseLong(retention));
            }
            kafka.put("bindingVersion", BINDING_VERSION);
        }
    }

    /** A copy of the schema whose references point into this document. */
    private static JsonNode embedded(JsonNode node) {
        if (node instanceof ArrayNode list) {
            var copy = JSON.createArrayNode();
            list.forEach(element -> copy.add(embedded(element)));
            return copy;
        }
        if (!node.isObject()) {
            return node;
        }
        var copy = JSON.createObjectNode();
        node.properties().forEach(property -> {
            var value = property.getValue();
            var reference = property.getKey().equals("$ref");
            copy.set(property.getKey(), reference ? JSON.valueToTree(component(value.asString())) : embedded(value));
        });
        return copy;
    }

    private static String component(String reference) {
        return COMPONENT + reference.substring(reference.lastIndexOf('/') + 1);
    }

    private ObjectNode schemas() {
        return (ObjectNode) root.at("/components/schemas");
    }

    private static String pascal(String name) {
        return Stream.of(name.split("-"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }
}

package dev.apprentice.client.grpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import java.time.Instant;
import java.util.Map;

/**
 * Reads messages as the JSON that HTTP would have: the contract gives both the same names. Only a {@code Struct}'s
 * numbers are not the same, since it has doubles alone; whole ones are read as whole numbers.
 */
public final class ProtoJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ProtoJson() {}

    /**
     * All fields of {@code message} that are there; those without presence have their default.
     *
     * @param message any message of the contract
     * @return the same in the other form
     */
    public static ObjectNode of(Message message) {
        var json = JSON.objectNode();
        for (var field : message.getDescriptorForType().getFields()) {
            if (field.isMapField()) {
                json.set(field.getName(), map(message, field));
            } else if (field.isRepeated()) {
                var list = json.putArray(field.getName());
                for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
                    list.add(value(message.getRepeatedField(field, i)));
                }
            } else if (!field.hasPresence() || message.hasField(field)) {
                json.set(field.getName(), value(message.getField(field)));
            }
        }
        return json;
    }

    private static ObjectNode map(Message message, FieldDescriptor field) {
        var json = JSON.objectNode();
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
            var entry = (Message) message.getRepeatedField(field, i);
            var descriptor = entry.getDescriptorForType();
            json.set(
                    String.valueOf(entry.getField(descriptor.findFieldByNumber(1))),
                    value(entry.getField(descriptor.findFieldByNumber(2))));
        }
        return json;
    }

    private static JsonNode value(Object value) {
        if (value instanceof String text) {
            return TextNode.valueOf(text);
        } else if (value instanceof Integer number) {
            return IntNode.valueOf(number);
        } else if (value instanceof Long number) {
            return LongNode.valueOf(number);
        } else if (value instanceof Double number) {
            return DoubleNode.valueOf(number);
        } else if (value instanceof Float number) {
            return DoubleNode.valueOf(number.doubleValue());
        } else if (value instanceof Boolean truth) {
            return BooleanNode.valueOf(truth);
        } else if (value instanceof ByteString bytes) {
            return numbers(bytes);
        } else if (value instanceof EnumValueDescriptor constant) {
            return TextNode.valueOf(constant.getName());
        } else if (value instanceof Timestamp time) {
            return TextNode.valueOf(
                    Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString());
        } else if (value instanceof Struct struct) {
            return struct(struct);
        } else if (value instanceof Value any) {
            return any(any);
        }
        return of((Message) value);
    }

    private static ArrayNode numbers(ByteString bytes) {
        var list = JSON.arrayNode();
        for (var each : bytes) {
            list.add(Byte.toUnsignedInt(each));
        }
        return list;
    }

    /**
     * A {@code Struct} as JSON.
     *
     * @param struct the message
     * @return the same in the other form
     */
    public static ObjectNode struct(Struct struct) {
        var json = JSON.objectNode();
        struct.getFieldsMap().forEach((name, value) -> json.set(name, any(value)));
        return json;
    }

    private static JsonNode any(Value value) {
        return switch (value.getKindCase()) {
            case NUMBER_VALUE -> number(value.getNumberValue());
            case STRING_VALUE -> TextNode.valueOf(value.getStringValue());
            case BOOL_VALUE -> BooleanNode.valueOf(value.getBoolValue());
            case STRUCT_VALUE -> struct(value.getStructValue());
            case LIST_VALUE -> {
                var list = JSON.arrayNode();
                value.getListValue().getValuesList().forEach(element -> list.add(any(element)));
                yield list;
            }
            case NULL_VALUE, KIND_NOT_SET -> NullNode.getInstance();
        };
    }

    private static JsonNode number(double number) {
        boolean whole = number == Math.rint(number) && Math.abs(number) < 1L << 53;
        if (!whole) {
            return DoubleNode.valueOf(number);
        }
        return Math.abs(number) <= Integer.MAX_VALUE ? IntNode.valueOf((int) number) : LongNode.valueOf((long) number);
    }

    /**
     * JSON as a {@code Struct}.
     *
     * @param json an object
     * @return the same in the other form
     */
    public static Struct struct(JsonNode json) {
        var struct = Struct.newBuilder();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            struct.putFields(field.getKey(), any(field.getValue()));
        }
        return struct.build();
    }

    private static Value any(JsonNode json) {
        var value = Value.newBuilder();
        switch (json.getNodeType()) {
            case OBJECT -> value.setStructValue(struct(json));
            case ARRAY -> {
                var list = value.getListValueBuilder();
                json.forEach(element -> list.addValues(any(element)));
            }
            case STRING -> value.setStringValue(json.textValue());
            case NUMBER -> value.setNumberValue(json.doubleValue());
            case BOOLEAN -> value.setBoolValue(json.booleanValue());
            case NULL, MISSING, BINARY, POJO -> value.setNullValue(NullValue.NULL_VALUE);
        }
        return value.build();
    }
}

package dev.apprentice.client.grpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import java.util.Locale;

/** Writes JSON with the contract's names into messages, and refuses what they have no place for. */
final class JsonProto {
    private JsonProto() {}

    /**
     * Puts every field of {@code json} into {@code message}.
     *
     * @throws IllegalArgumentException naming the field that the message does not have, or that has another type
     */
    static <B extends Message.Builder> B into(B message, JsonNode json) {
        for (var entry : json.properties()) {
            var field = field(message.getDescriptorForType(), entry.getKey());
            var value = entry.getValue();
            if (value.isNull()) {
                continue; // absent, as over HTTP
            }
            if (field.isMapField()) {
                map(message, field, value);
            } else if (field.isRepeated()) {
                value.forEach(element -> message.addRepeatedField(field, value(message, field, element)));
            } else {
                message.setField(field, value(message, field, value));
            }
        }
        return message;
    }

    private static FieldDescriptor field(Descriptor type, String name) {
        var field = type.findFieldByName(name);
        if (field == null) {
            throw new IllegalArgumentException(
                    "over gRPC a " + type.getName() + " has no field " + name + "; ask over HTTP, or leave it out");
        }
        return field;
    }

    private static void map(Message.Builder message, FieldDescriptor field, JsonNode json) {
        var type = field.getMessageType();
        for (var entry : json.properties()) {
            var pair = message.newBuilderForField(field);
            var key = type.findFieldByNumber(1);
            pair.setField(
                    key,
                    key.getJavaType() == FieldDescriptor.JavaType.INT
                            ? Integer.valueOf(entry.getKey())
                            : entry.getKey());
            pair.setField(type.findFieldByNumber(2), value(pair, type.findFieldByNumber(2), entry.getValue()));
            message.addRepeatedField(field, pair.build());
        }
    }

    private static Object value(Message.Builder message, FieldDescriptor field, JsonNode json) {
        var fits = switch (field.getJavaType()) {
            case STRING -> json.isTextual();
            case INT -> json.canConvertToInt() && json.canConvertToExactIntegral();
            case LONG -> json.canConvertToLong() && json.canConvertToExactIntegral();
            case DOUBLE, FLOAT -> json.isNumber();
            case BOOLEAN -> json.isBoolean();
            case MESSAGE -> json.isObject();
            case BYTE_STRING, ENUM -> false;
        };
        if (!fits) {
            throw new IllegalArgumentException(field.getName() + " must be "
                    + field.getJavaType().name().toLowerCase(Locale.ROOT) + " over gRPC, found "
                    + json.getNodeType().name().toLowerCase(Locale.ROOT));
        }
        return switch (field.getJavaType()) {
            case STRING -> json.textValue();
            case INT -> json.intValue();
            case LONG -> json.longValue();
            case DOUBLE -> json.doubleValue();
            case FLOAT -> json.floatValue();
            case BOOLEAN -> json.booleanValue();
            case MESSAGE -> message(message.newBuilderForField(field), json);
            case BYTE_STRING, ENUM -> throw new AssertionError("refused above");
        };
    }

    private static Message message(Message.Builder message, JsonNode json) {
        return message.getDescriptorForType().equals(Struct.getDescriptor())
                ? ProtoJson.struct(json)
                : into(message, json).build();
    }
}

"""OpenAI's own Python package against a real server: it knows nothing of us but the address."""

import json
import struct
import time
from typing import Literal

import openai
from openai import OpenAI
from pydantic import BaseModel

from checks import check, equal, raises, run, setting

QUESTION = [{"role": "user", "content": "Name the capital of France."}]
SUM = [{"role": "user", "content": "What is 2 plus 3?"}]
ADD = {
    "type": "function",
    "function": {
        "name": "add",
        "parameters": {"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}}},
    },
}

# every answer is held to the package's own types
client = OpenAI(base_url=setting("URL") + "/v1", api_key="any", max_retries=0, _strict_response_validation=True)
# except where the package itself breaks them: base64 before it is unpacked, and the null that ends no completion yet
lenient = OpenAI(base_url=setting("URL") + "/v1", api_key="any", max_retries=0)
guarded = client.with_options(base_url=setting("GUARDED_URL") + "/v1", api_key=setting("KEY"))


class Wind(BaseModel):
    blows_from: Literal["north", "south"]
    strong: bool


class Weather(BaseModel):
    """Has few values, so that a small model is soon done."""

    city: Literal["Oslo", "Rome"]
    wind: Wind


def chat(to=client, **more):
    request = {"model": "base", "messages": QUESTION, "temperature": 0, "max_completion_tokens": 8, **more}
    return to.chat.completions.create(**request)


@check
def a_chat_is_answered():
    answer = chat()
    assert "Paris" in answer.choices[0].message.content
    assert answer.choices[0].finish_reason in ("stop", "length")
    equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens)
    assert answer.id.startswith("chatcmpl-")
    equal(answer.model, "base")


@check
def the_stream_says_the_same_and_its_usage_comes_last():
    whole = chat()
    chunks = list(chat(stream=True, stream_options={"include_usage": True}))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    equal(text, whole.choices[0].message.content)
    equal({chunk.id for chunk in chunks}, {chunks[0].id})
    equal(chunks[-1].choices, [])
    equal(chunks[-1].usage.completion_tokens, whole.usage.completion_tokens)
    assert all(chunk.usage is None for chunk in chunks[:-1])
    equal([c.choices[0].finish_reason for c in chunks[:-1]][-1], whole.choices[0].finish_reason)


@check
def the_streaming_helper_gathers_a_completion():
    with client.chat.completions.stream(
        model="base", messages=QUESTION, temperature=0, max_completion_tokens=8
    ) as stream:
        kinds = {event.type for event in stream}
        whole = stream.get_final_completion()
    assert {"chunk", "content.delta", "content.done"} <= kinds, kinds
    equal(whole.choices[0].message.content, chat().choices[0].message.content)


@check
def a_stream_that_is_left_can_be_followed_by_another_request():
    stream = chat(stream=True, max_completion_tokens=200, extra_body={"ignore_eos": True})
    next(iter(stream))
    stream.close()
    assert chat(max_completion_tokens=1).choices


@check
def several_choices_and_a_seed_are_answered_alike_twice():
    def texts():
        answer = chat(n=2, seed=7, temperature=1, max_completion_tokens=3)
        equal([choice.index for choice in answer.choices], [0, 1])
        return [choice.message.content for choice in answer.choices]

    equal(texts(), texts())


@check
def max_completion_tokens_and_stop_are_kept():
    answer = chat(max_completion_tokens=2)
    equal(answer.usage.completion_tokens, 2)
    equal(answer.choices[0].finish_reason, "length")
    stopped = chat(stop=["Paris"]).choices[0]
    equal(stopped.finish_reason, "stop")
    assert "Paris" not in stopped.message.content


@check
def logprobs_are_read():
    content = chat(logprobs=True, top_logprobs=2).choices[0].logprobs.content
    assert content
    for token in content:
        assert token.logprob <= 0
        equal(len(token.top_logprobs), 2)
        equal(bytes(token.top_logprobs[0].bytes).decode("utf-8", "replace"), token.top_logprobs[0].token)


@check
def parse_returns_the_pydantic_type():
    answer = client.chat.completions.parse(
        model="base",
        messages=[{"role": "user", "content": "Tell the weather in Oslo as JSON."}],
        temperature=0,
        max_completion_tokens=80,
        response_format=Weather,
    )
    assert isinstance(answer.choices[0].message.parsed, Weather), answer
    plain = json.loads(answer.choices[0].message.content)
    equal(set(plain), {"city", "wind"})


@check
def a_json_object_is_one():
    answer = chat(response_format={"type": "json_object"}, max_completion_tokens=24)
    if answer.choices[0].finish_reason == "stop":
        assert isinstance(json.loads(answer.choices[0].message.content), dict)
    assert answer.choices[0].message.content.lstrip().startswith("{")


@check
def a_schema_keyword_that_is_not_understood_is_named():
    schema = {"type": "object", "properties": {"a": {"not": {"type": "string"}}}}
    error = raises(
        openai.BadRequestError,
        lambda: chat(response_format={"type": "json_schema", "json_schema": {"name": "odd", "schema": schema}}),
    )
    assert "not" in error.message, error.message
    assert error.param.startswith("response_format"), error.param


@check
def a_tool_is_called_and_its_result_told():
    asked = chat(guarded, model=setting("CALLER"), messages=SUM, tools=[ADD], max_completion_tokens=60)
    choice = asked.choices[0]
    equal(choice.finish_reason, "tool_calls")
    call = choice.message.tool_calls[0]
    equal(call.function.name, "add")
    equal(json.loads(call.function.arguments), {"x": 2, "y": 3})
    turns = [
        *SUM,
        choice.message.model_dump(exclude_none=True),
        {"role": "tool", "tool_call_id": call.id, "content": "5"},
    ]
    told = chat(guarded, model=setting("CALLER"), messages=turns, tools=[ADD], max_completion_tokens=2)
    assert told.usage.prompt_tokens > asked.usage.prompt_tokens


@check
def a_tool_call_is_streamed_in_pieces_that_join():
    with guarded.chat.completions.stream(
        model=setting("CALLER"), messages=SUM, tools=[ADD], temperature=0, max_completion_tokens=60
    ) as stream:
        for _ in stream:
            pass
        message = stream.get_final_completion().choices[0].message
    equal(json.loads(message.tool_calls[0].function.arguments), {"x": 2, "y": 3})


@check
def a_required_tool_is_held_to_its_strict_schema():
    class Reckon(BaseModel):
        sign: Literal["plus", "minus"]
        exact: bool

    answer = guarded.chat.completions.parse(
        model="base",
        messages=SUM,
        tools=[openai.pydantic_function_tool(Reckon, name="reckon")],
        tool_choice="required",
        parallel_tool_calls=False,
        temperature=0,
        max_completion_tokens=60,
    )
    call = answer.choices[0].message.tool_calls[0]
    assert isinstance(call.function.parsed_arguments, Reckon), call


@check
def a_base_without_a_form_for_tools_says_so():
    error = raises(openai.BadRequestError, lambda: chat(tools=[ADD]))
    equal(error.param, "tools")


@check
def embeddings_are_equal_in_both_encodings():
    texts = ["a cat", "a kitten", "tax law"]
    packed = lenient.embeddings.create(model="base", input=texts)  # asks for base64 and unpacks it
    floats = client.embeddings.create(model="base", input=texts, encoding_format="float")
    equal([item.index for item in packed.data], [0, 1, 2])
    for one, other in zip(packed.data, floats.data):
        assert isinstance(one.embedding, list)
        equal(struct.pack("<576f", *one.embedding), struct.pack("<576f", *other.embedding))
    alone = lenient.embeddings.create(model="base", input="tax law").data[0].embedding
    assert all(abs(a - b) < 1e-4 for a, b in zip(alone, packed.data[2].embedding))


@check
def a_response_is_created_gone_on_from_and_deleted():
    first = client.responses.create(
        model="base", input=QUESTION[0]["content"], temperature=0, max_output_tokens=16
    )
    assert "Paris" in first.output_text
    equal(client.responses.retrieve(first.id).output_text, first.output_text)
    second = client.responses.create(
        model="base", input="And of Italy?", previous_response_id=first.id, max_output_tokens=16
    )
    assert second.usage.input_tokens > first.usage.input_tokens
    client.responses.delete(first.id)
    raises(openai.NotFoundError, lambda: client.responses.retrieve(first.id))


@check
def the_events_of_a_response_gather_to_it():
    with client.responses.stream(
        model="base", input=QUESTION[0]["content"], temperature=0, max_output_tokens=16
    ) as stream:
        events = list(stream)
        whole = stream.get_final_response()
    equal(events[0].type, "response.created")
    assert events[-1].type in ("response.completed", "response.incomplete"), events[-1].type
    deltas = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    equal(deltas, whole.output_text)
    equal([event.sequence_number for event in events], sorted(event.sequence_number for event in events))


@check
def a_response_is_parsed_to_the_pydantic_type():
    answer = client.responses.parse(
        model="base",
        input="Tell the weather in Oslo as JSON.",
        temperature=0,
        max_output_tokens=80,
        text_format=Weather,
    )
    assert isinstance(answer.output_parsed, Weather), answer


@check
def a_completion_goes_on_and_streams():
    prompt = {"model": "base", "prompt": "One, two, three,", "temperature": 0, "max_tokens": 3}
    whole = client.completions.create(**prompt)
    equal(whole.object, "text_completion")
    pieces = [chunk.choices[0].text for chunk in lenient.completions.create(**prompt, stream=True) if chunk.choices]
    equal("".join(pieces), whole.choices[0].text)
    assert client.completions.create(**prompt, echo=True).choices[0].text.startswith("One, two, three,")
    logprobs = client.completions.create(**prompt, logprobs=1).choices[0].logprobs
    equal((len(logprobs.tokens), len(logprobs.token_logprobs)), (3, 3))


@check
def models_are_listed_and_found():
    assert {"apprentice", "base"} <= {model.id for model in client.models.list()}
    equal(client.models.retrieve("base").id, "base")
    raises(openai.NotFoundError, lambda: client.models.retrieve("nobody"))


@check
def a_wrong_field_is_a_bad_request_that_names_it():
    error = raises(openai.BadRequestError, lambda: chat(temperature=9))
    equal((error.status_code, error.param, error.type), (400, "temperature", "invalid_request_error"))
    error = raises(openai.BadRequestError, lambda: chat(max_completion_tokens=0))
    equal(error.param, "max_completion_tokens")
    error = raises(openai.BadRequestError, lambda: chat(messages=[]))
    equal(error.param, "messages")


@check
def an_unknown_model_is_not_found():
    error = raises(openai.NotFoundError, lambda: chat(model="nobody"))
    equal((error.code, error.param), ("model_not_found", "model"))


@check
def a_prompt_that_is_too_long_has_its_code():
    error = raises(openai.BadRequestError, lambda: chat(messages=[{"role": "user", "content": "word " * 12000}]))
    equal(error.code, "context_length_exceeded")


@check
def keys_are_asked_for_and_their_scopes_kept():
    stranger = guarded.with_options(api_key="ak_nobody")
    equal(raises(openai.AuthenticationError, lambda: chat(stranger)).code, "invalid_api_key")
    teacher = guarded.with_options(api_key=setting("TEACHER_KEY"))
    equal(raises(openai.PermissionDeniedError, lambda: chat(teacher)).status_code, 403)


@check
def a_limit_of_requests_is_a_rate_limit_error():
    thrifty = guarded.with_options(api_key=setting("THRIFTY_KEY"))
    assert chat(thrifty, max_completion_tokens=1).choices
    error = raises(openai.RateLimitError, lambda: chat(thrifty, max_completion_tokens=1))
    assert int(error.response.headers["retry-after"]) >= 1
    equal(error.type, "rate_limit_error")


@check
def what_a_hop_failed_is_tried_again_after_the_time_it_says():
    patient = client.with_options(base_url=setting("HOP_URL") + "/v1", max_retries=2)
    begun = time.monotonic()
    answer = patient.chat.completions.with_raw_response.create(
        model="base", messages=QUESTION, max_completion_tokens=1
    )
    assert time.monotonic() - begun >= 1, "the hop said Retry-After: 1"
    equal(answer.retries_taken, 2)
    raises(openai.BadRequestError, lambda: chat(patient, temperature=9))


@check
def what_we_say_beside_the_contract_is_there():
    answer = chat(extra_body={"apprentice": {"learn": False}})
    equal(answer.model_extra["apprentice"]["checkpoint"], 0)


run()

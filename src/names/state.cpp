#include "names/state.h"

namespace emc::names {

void Write(codec::Writer& out, const NameRecord& record)
{
    primitives::Write(out, record.outpoint);
    out.I32(record.born_height);
    out.I32(record.updated_height);
    out.I32(record.expiry);
    out.Sized(record.owner_script);
    out.Sized(record.value);
}

NameRecord ReadNameRecord(codec::Reader& in)
{
    NameRecord record;
    record.outpoint = primitives::ReadOutPoint(in);
    record.born_height = in.I32();
    record.updated_height = in.I32();
    record.expiry = in.I32();
    record.owner_script = in.SizedBytes();
    record.value = in.SizedBytes();
    return record;
}

Bytes HashElement(std::string_view name, const NameRecord& record)
{
    Bytes out;
    codec::Writer writer(out);
    writer.U8(static_cast<uint8_t>(HashElementKind::Name));
    writer.Sized(base::AsBytes(name));
    primitives::Write(writer, record.outpoint);
    writer.I32(record.expiry);
    writer.I32(record.born_height);
    writer.Sized(record.value);
    return out;
}

void WriteUndo(codec::Writer& out, const NameDelta& delta)
{
    out.Sized(base::AsBytes(delta.name));
    out.U8(static_cast<uint8_t>(delta.kind));
    out.U8(delta.before ? 1 : 0);
    if (delta.before) Write(out, *delta.before);
}

NameDelta ReadUndo(codec::Reader& in)
{
    NameDelta delta;
    delta.name = base::ToText(in.TakeSized());
    const uint8_t kind = in.U8();
    if (kind < static_cast<uint8_t>(OpKind::New) || kind > static_cast<uint8_t>(OpKind::Delete)) {
        in.Fail();
        return {};
    }
    delta.kind = static_cast<OpKind>(kind);
    const uint8_t had_before = in.U8();
    if (had_before > 1) in.Fail();
    if (had_before == 1) delta.before = ReadNameRecord(in);
    if (!in.Ok()) return {};
    return delta;
}

} // namespace emc::names

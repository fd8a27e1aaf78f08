// Branded identifiers: mixing a client's with a contact's must not compile.
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type AgencyId = Id<'agency'>;
export type StaffId = Id<'staff'>;
export type ClientId = Id<'client'>;
export type ContactId = Id<'contact'>;
export type ImpersonationId = Id<'impersonation'>;
export type PageId = Id<'page'>;
export type TaskId = Id<'task'>;
export type FileId = Id<'file'>;
export type FolderId = Id<'folder'>;
export type InvoiceId = Id<'invoice'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** True for a lower-case UUID; anything else from an address or a form is not an id of ours. */
export const isUuid = (text: string): boolean => UUID.test(text);

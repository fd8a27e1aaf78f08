// The door of the schema: Drizzle wants all tables in one object.
export * from './people.ts';
export * from './sign-in.ts';
export * from './portal.ts';
export * from './services.ts';
export * from './billing.ts';
export * from './settings.ts';
export * from './impersonation.ts';
export * from './log.ts';
export * from './recordings.ts';
export * from './messages.ts';
